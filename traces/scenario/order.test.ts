import test from "ava";
import type { Call } from "../../impl/driver.js";
import { findMisstep } from "./order.js";
import { parseScenario } from "./parse.js";
import { ALL_SUCCEED, type Step } from "./scenario.js";

const PAGES = 2;

function step(call: Call, addmap = 0): Step {
  return { call, answers: { ...ALL_SUCCEED, addmap } };
}
const create = (seg: number, addmap = 0) => step({ call: "create", seg, prot: "rw", maxprot: "rwx" }, addmap);
const dup = (seg: number, into: number, addmap = 0) => step({ call: "dup", seg, into }, addmap);
const unmap = (seg: number, addr = 0, len = PAGES * 4096) => step({ call: "unmap", seg, addr, len });
const free = (seg: number) => step({ call: "free", seg });
const sync = (seg: number) => step({ call: "sync", seg, page: 0, count: 1 });

/** Where and why a sequence of steps is out of order, in short. */
function misstep(...steps: readonly Step[]): string | null {
  const found = findMisstep({ pages: PAGES, steps });
  return found === null ? null : `${found.step}.${found.member}: expected ${found.expected}, got ${found.got}`;
}

test("calls on live segments are in order", (t) => {
  t.is(misstep(), null);
  t.is(misstep(create(0), sync(0), dup(0, 1), dup(1, 2), unmap(1), sync(0), sync(2), unmap(2), unmap(0)), null);
});

test("segments are numbered in the order in which create and dup make them", (t) => {
  t.is(misstep(create(1)), "0.seg: expected 0, the number of the next segment to come to be, got 1");
  t.is(misstep(create(0), create(0)), "1.seg: expected 1, the number of the next segment to come to be, got 0");
  t.is(misstep(create(0), dup(0, 0)), "1.into: expected 1, the number of the next segment to come to be, got 0");
  t.is(misstep(create(0), dup(0, 2)), "1.into: expected 1, the number of the next segment to come to be, got 2");
  t.is(misstep(create(0), create(1), dup(0, 2), create(3), unmap(1), dup(3, 4)), null);
});

test("a number is used once", (t) => {
  t.is(
    misstep(create(0), unmap(0), create(0)),
    "2.seg: expected 1, the number of the next segment to come to be, got 0",
  );
});

test("a segment has to be there", (t) => {
  t.is(misstep(sync(0)), "0.seg: expected a live segment for sync, got 0, which does not exist");
  t.is(misstep(create(0), sync(1)), "1.seg: expected a live segment for sync, got 1, which does not exist");
  t.is(misstep(create(0), dup(7, 1)), "1.seg: expected a live segment for dup, got 7, which does not exist");
});

test("the unmap of the whole frees a segment, that of a part or of a bad range does not", (t) => {
  t.is(misstep(create(0), unmap(0), sync(0)), "2.seg: expected a live segment for sync, got 0, which is freed");
  t.is(misstep(create(0), unmap(0), unmap(0)), "2.seg: expected a live segment for unmap, got 0, which is freed");
  t.is(
    misstep(create(0), unmap(0, 0, 4096), unmap(0, 4096, 4096), unmap(0, 1, 4096), unmap(0, 0, 3 * 4096), sync(0)),
    null,
  );
  t.is(misstep(create(0), unmap(0, 4096), unmap(0, -4096), unmap(0, 0, 0), sync(0)), null);
});

test("a segment whose addmap fails is stillborn, and free is its only call", (t) => {
  t.is(misstep(create(0, 22), sync(0)), "1.seg: expected a live segment for sync, got 0, which is stillborn");
  t.is(misstep(create(0, 22), unmap(0)), "1.seg: expected a live segment for unmap, got 0, which is stillborn");
  t.is(misstep(create(0, 22), free(0)), null);
  t.is(misstep(create(0, 22), free(0), free(0)), "2.seg: expected a stillborn segment for free, got 0, which is freed");
  t.is(misstep(create(0), free(0)), "1.seg: expected a stillborn segment for free, got 0, which is live");
  t.is(misstep(free(0)), "0.seg: expected a stillborn segment for free, got 0, which does not exist");
  t.is(misstep(create(0), dup(0, 1, 12), sync(0), free(1), dup(0, 2)), null);
  t.is(
    misstep(create(0), dup(0, 1, 12), dup(1, 2)),
    "2.seg: expected a live segment for dup, got 1, which is stillborn",
  );
});

test("frames end at 2^52", (t) => {
  const add = (mfn: number, count: number) => step({ call: "add_mfns", seg: 0, page: 0, count, mfn, domid: 7 });
  t.is(misstep(create(0), add(2 ** 52, 0), add(2 ** 52 - 3, 3)), null);
  t.is(misstep(create(0), add(2 ** 52 - 3, 4)), "1.mfn: expected mfn + count up to 2^52, got 0xffffffffffffd + 4");
});

test("a misstep is an error of the file, with its place", (t) => {
  const text = (step: string) =>
    `{"format": "segmf-scenario/1", "segment": {"pages": 1}, "steps": [{"call": "create", "seg": 0}, ${step}]}`;
  t.throws(() => parseScenario(text('{"call": "dup", "seg": 0, "into": 2}'), "f.json"), {
    message: "f.json: $.steps[1].into: expected 1, the number of the next segment to come to be, got 2",
  });
  t.throws(() => parseScenario(text('{"call": "free", "seg": 0}'), "f.json"), {
    message: "f.json: $.steps[1].seg: expected a stillborn segment for free, got 0, which is live",
  });
});
