import type { AddGrefsCall, AddMfnsCall, Prot } from "../../impl/driver.js";
import type { Scope } from "../scope.js";

/** How the alphabet numbers things: a page has a frame of its own (two in the wide alphabet) and a reference of its own. */

/** The first frame of each run of frames that a scope offers. */
export function frameBases(scope: Scope): readonly number[] {
  return scope.alphabet === "wide" ? [0x100, 0x200] : [0x100];
}

export function protections(scope: Scope): readonly Prot[] {
  return scope.alphabet === "wide" ? ["rw", "none", "r"] : ["rw", "none"];
}

const FIRST_GREF = 5;

export interface Range {
  readonly page: number;
  readonly count: number;
}

/** All non-empty ranges inside a segment, of `most` pages at most. */
export function ranges(pages: number, most: number): readonly Range[] {
  const found: Range[] = [];
  for (let page = 0; page < pages; page++) {
    for (let count = 1; count <= Math.min(most, pages - page); count++) found.push({ page, count });
  }
  return found;
}

export function addMfns(seg: number, { page, count }: Range, domid: number, base = 0x100): AddMfnsCall {
  return { call: "add_mfns", seg, page, count, mfn: base + page, domid };
}

export function addGrefs(seg: number, { page, count }: Range, domid: number, writable = false): AddGrefsCall {
  const grefs = Array.from({ length: count }, (_, index) => FIRST_GREF + page + index);
  return { call: "add_grefs", seg, page, grefs, writable, domid };
}
