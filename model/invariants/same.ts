import type { LiveGrant, PageRecord, PageTable, Pte, SegmentState } from "../../impl/driver.js";

/** Equality of observed parts by value. Drivers share what is unchanged, so identity is tried first. */

export function sameRecord(a: PageRecord | undefined, b: PageRecord | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.type === "mfn") return b.type === "mfn" && a.mfn === b.mfn;
  if (a.type === "empty") return b.type === "empty";
  return (
    b.type === "gref" &&
    a.gref === b.gref &&
    a.writable === b.writable &&
    a.mapped === b.mapped &&
    a.handle === b.handle &&
    a.pte_ma === b.pte_ma
  );
}

export function sameMap(a: readonly PageRecord[], b: readonly PageRecord[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let page = 0; page < a.length; page++) {
    if (!sameRecord(a[page], b[page])) return false;
  }
  return true;
}

export function samePte(a: Pte | null | undefined, b: Pte | null | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return !a && !b;
  if (a.kind === "throwaway") return b.kind === "throwaway";
  if (a.kind === "foreign") {
    return b.kind === "foreign" && a.mfn === b.mfn && a.domid === b.domid && a.writable === b.writable;
  }
  return (
    b.kind === "grant" && a.handle === b.handle && a.gref === b.gref && a.domid === b.domid && a.writable === b.writable
  );
}

export function samePtes(a: readonly (Pte | null)[], b: readonly (Pte | null)[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let page = 0; page < a.length; page++) {
    if (!samePte(a[page], b[page])) return false;
  }
  return true;
}

export function samePageTable(a: PageTable | undefined, b: PageTable | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return a.locks === b.locks && samePtes(a.ptes, b.ptes);
}

/** What a driver keeps of a segment, `null` or absent where there is none. Registrations are their callers', and left out. */
export function sameSegment(a: SegmentState | null | undefined, b: SegmentState | null | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return !a && !b;
  return (
    a.domid === b.domid &&
    a.softlockcnt === b.softlockcnt &&
    a.stillborn === b.stillborn &&
    a.prot === b.prot &&
    a.maxprot === b.maxprot &&
    sameMap(a.map, b.map)
  );
}

export function sameGrant(a: LiveGrant | undefined, b: LiveGrant | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.handle === b.handle &&
    a.gref === b.gref &&
    a.domid === b.domid &&
    a.writable === b.writable &&
    a.pte_ma === b.pte_ma &&
    a.seg === b.seg &&
    a.page === b.page
  );
}
