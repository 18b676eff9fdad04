import type { Call } from "../../../impl/driver.js";
import { DOMID_SELF, PAGE_BYTES, pteAddress } from "../../../model/constants.js";

/**
 * A call as it is shown to the chart: made on segment 0 of a small segment, the *window*, that has the call's own range of pages
 * and no others, from its page 0 on. What lies inside, outside, over a limit or at a bad address still does.
 */
export interface PlacedCall {
  readonly call: Call;
  /** Pages of the window, at least 1. */
  readonly size: number;
  /** The pages of the segment that the window's first pages are; none where the call is refused whatever they hold. */
  readonly first: number;
  readonly count: number;
  /** Equal calls have equal keys. */
  readonly key: string;
}

/** What is the same for all calls of a log. */
export interface PlaceOptions {
  readonly maxGrefs: number;
  /** Whether `pte_ma` follows the convention of scenarios. */
  readonly convention: boolean;
}

/** What the call's domid is to the segment. */
export type DomidRelation = "own" | "other";

/** The domids by which the chart is shown the segment's own, and any other. */
export const OWN_DOMID = 7;
const OTHER_DOMID = 9;

/** More frames than this are shown to the chart as this many: it takes them one after the other, and all alike. */
export const MOST_FRAMES = 17;

/** Frames and references that the chart is shown: which they are makes no difference to any return. */
const A_FRAME = 0x100;
const A_GREF = 5;

/** A range of one page outside a window of one page. */
const OUTSIDE = 2;

export function isReserved(domid: number): boolean {
  return domid === 0 || domid === DOMID_SELF;
}

/** @param pages of the segment */
export function place(call: Call, domid: DomidRelation, pages: number, options: PlaceOptions): PlacedCall {
  switch (call.call) {
    case "add_mfns":
    case "add_grefs":
    case "release_grefs":
      return placeRanged(call, domid, pages, options);
    case "add_gref_pte": {
      const inside = call.page < pages;
      const right = !options.convention || call.pte_ma === pteAddress(call.seg, call.page);
      const page = inside ? 0 : OUTSIDE;
      const pte_ma = pteAddress(0, 0) + (right ? 0n : 1n);
      const key = `add_gref_pte ${page} ${right}`;
      return { call: { call: call.call, seg: 0, page, pte_ma }, size: 1, first: call.page, count: inside ? 1 : 0, key };
    }
    case "unmap":
      return placeUnmap(call.addr, call.len, pages * PAGE_BYTES);
    case "create":
      return alone({ call: call.call, seg: 0, prot: call.prot, maxprot: call.maxprot }, call.prot);
    case "dup":
      return alone({ call: call.call, seg: 0, into: 1 });
    case "free":
      return alone({ call: call.call, seg: 0 });
    case "fault":
      return alone({ call: call.call, seg: 0, page: 0, count: 1, type: "softlock", rw: "read" });
    default:
      return alone({ call: call.call, seg: 0, page: call.page, count: call.count }, `${call.page} ${call.count}`);
  }
}

type Ranged = Extract<Call, { readonly call: "add_mfns" | "add_grefs" | "release_grefs" }>;

function placeRanged(call: Ranged, relation: DomidRelation, pages: number, { maxGrefs }: PlaceOptions): PlacedCall {
  const wanted = call.call === "add_grefs" ? call.grefs.length : call.count;
  const inside = call.page + wanted <= pages;
  const most = call.call === "add_mfns" ? MOST_FRAMES : maxGrefs + 1;
  const count = Math.min(wanted, inside ? most : 1);
  const tooMany = call.call !== "add_mfns" && wanted > maxGrefs;
  const page = inside ? 0 : OUTSIDE;
  const window = { size: Math.max(1, inside ? count : 1), first: call.page, count: inside && !tooMany ? wanted : 0 };
  if (call.call === "release_grefs") {
    return { call: { call: call.call, seg: 0, page, count }, ...window, key: `release_grefs ${page} ${count}` };
  }
  const domid = isReserved(call.domid) ? call.domid : relation === "own" ? OWN_DOMID : OTHER_DOMID;
  const rest = { seg: 0, page, domid, ...(call.foreign === true ? { foreign: true } : {}) };
  const key = `${call.call} ${page} ${count} ${domid} ${call.foreign === true}`;
  if (call.call === "add_mfns") return { call: { call: call.call, ...rest, count, mfn: A_FRAME }, ...window, key };
  const grefs = new Array<number>(count).fill(A_GREF);
  return { call: { call: call.call, ...rest, grefs, writable: false }, ...window, key };
}

/** In a segment of one page, but as misaligned, as far outside and as much of the whole as it was. */
function placeUnmap(addr: number, len: number, bytes: number): PlacedCall {
  const whole = addr === 0 && len === bytes;
  const beyond = addr + len > bytes ? 2 * PAGE_BYTES : 0;
  const placed = whole
    ? { addr: 0, len: PAGE_BYTES }
    : { addr: addr < 0 ? -PAGE_BYTES : addr % PAGE_BYTES, len: beyond + (len % PAGE_BYTES) };
  return alone({ call: "unmap", seg: 0, ...placed }, `${placed.addr} ${placed.len}`);
}

function alone(call: Call, key = ""): PlacedCall {
  return { call, size: 1, first: 0, count: 0, key: `${call.call} ${key}` };
}
