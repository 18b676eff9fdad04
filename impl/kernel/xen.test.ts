import test from "ava";
import { pageOfPte, pteAddress } from "./xen.js";

test("PTEs are 8 bytes apart, segments 0x1000", (t) => {
  t.is(pteAddress(0, 0), 0x9000n);
  t.is(pteAddress(0, 2), 0x9010n);
  t.is(pteAddress(3, 511), 0xcff8n);
});

test("a PTE's address leads back to its page, in its own segment only", (t) => {
  for (const seg of [0, 1, 7]) {
    for (const page of [0, 1, 511]) {
      t.is(pageOfPte(seg, pteAddress(seg, page), 512), page);
      t.is(pageOfPte(seg + 1, pteAddress(seg, page), 512), null);
    }
  }
});

for (const address of [0n, 0x8ff8n, 0x9001n, 0x9018n, -8n, 1n << 60n, (1n << 64n) - 1n, 0xbaddcafe_baddcafen]) {
  test(`0x${address.toString(16)} is no PTE of a first segment of 3 pages`, (t) => {
    t.is(pageOfPte(0, address, 3), null);
  });
}
