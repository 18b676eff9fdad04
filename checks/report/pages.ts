import type { PageRecord, Pte } from "../../impl/driver.js";

/** What the driver's map says of a page, in short. */
export function recordText(record: PageRecord): string {
  switch (record.type) {
    case "empty":
      return "empty";
    case "mfn":
      return `frame 0x${record.mfn.toString(16)}`;
    case "gref":
      return `ref ${record.gref}${record.mapped ? `#${record.handle}` : " unmapped"}`;
  }
}

/** What the page table says of a page, in short; `-` where there is no valid entry. */
export function pteText(pte: Pte | null): string {
  if (pte === null) return "-";
  switch (pte.kind) {
    case "throwaway":
      return "throwaway";
    case "foreign":
      return `0x${pte.mfn.toString(16)} of ${pte.domid}${pte.writable ? " rw" : " ro"}`;
    case "grant":
      return `grant ${pte.handle}${pte.writable ? " rw" : " ro"}`;
  }
}
