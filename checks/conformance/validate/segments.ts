import type { Prot } from "../../../impl/driver.js";
import { ANYTHING, FRESH, HOLDS_NOTHING, MISTAKEN } from "./pages.js";

/** A domid that a segment is bound to, and that nobody has seen. Equal ids are the same domid, in whatever segment. */
export interface UnknownDomid {
  readonly id: number;
  /** What it is known not to be, in ascending order. */
  readonly not: readonly number[];
}

/** 0 while unbound. */
export type Domid = number | UnknownDomid;

/**
 * States that a segment could be in, as a product: each page could be anything of its set, whatever the others are. Never
 * empty. A segment of the specification says no more that a return could show, but for who waits.
 */
export interface SegmentBox {
  readonly life: "absent" | "live" | "stillborn" | "gone";
  /** `null`: not seen, and not none. */
  readonly prot: Prot | null;
  readonly domid: Domid;
  /** By page, a set of page values. Of a live segment only. */
  readonly pages: Uint16Array;
}

const NO_PAGES = new Uint16Array();

export const ABSENT: SegmentBox = { life: "absent", prot: null, domid: 0, pages: NO_PAGES };
export const GONE: SegmentBox = { life: "gone", prot: null, domid: 0, pages: NO_PAGES };

/** A segment that has just come to be. */
export function newBox(stillborn: boolean, prot: Prot | null, domid: Domid, pages: number): SegmentBox {
  if (stillborn) return { life: "stillborn", prot, domid, pages: NO_PAGES };
  return { life: "live", prot, domid, pages: new Uint16Array(pages).fill(FRESH) };
}

/**
 * All that a segment may be of which nothing was seen, as boxes that together hold every state: stillborn; live without
 * permissions, where nothing can ever be added; live and unbound, where nothing was; live and bound.
 * @param mistakes whether a PTE may be registered at a wrong address
 * @param id names its domid
 */
export function anyBoxes(pages: number, mistakes: boolean, id: number): readonly SegmentBox[] {
  const anything = mistakes ? ANYTHING : ANYTHING & ~MISTAKEN;
  const nothing = anything & HOLDS_NOTHING;
  const all = (mask: number): Uint16Array => new Uint16Array(pages).fill(mask);
  return [
    { life: "live", prot: null, domid: { id, not: [] }, pages: all(anything) },
    { life: "live", prot: null, domid: 0, pages: all(nothing) },
    { life: "live", prot: "none", domid: 0, pages: all(nothing) },
    { life: "stillborn", prot: null, domid: 0, pages: NO_PAGES },
  ];
}

/** Equal boxes have equal keys. */
export function boxKey({ life, prot, domid, pages }: SegmentBox): string {
  return `${life} ${prot} ${typeof domid === "number" ? domid : `?${domid.id} ${domid.not.join()}`} ${pages.join()}`;
}
