import type { Call } from "../../impl/driver.js";
import { PAGE_BYTES, pteAddress } from "../constants.js";
import type { SegmentContext } from "../context.js";
import type { Scope } from "../scope.js";
import { addGrefs, addMfns, frameBases, type Range, ranges } from "./shapes.js";

/** An address at which no segment has a PTE. */
const NO_PTE = 0xdead000n;

/** What the calls on a segment depend on, beside its registrations. */
export type Bound = Pick<SegmentContext, "prot" | "domid">;

/** Calls on a live segment that are not refused: all of the scope's domains, frames and ranges. */
export function acceptedCalls(
  scope: Scope,
  seg: number,
  segment: Bound,
  unregistered: (page: number) => boolean,
): readonly Call[] {
  return [
    ...(segment.prot === "none" ? [] : adds(scope, seg, segment, unregistered)),
    ...registrations(scope, seg),
    ...ranges(scope.pages, scope.maxGrefs).map((range): Call => ({ call: "release_grefs", seg, ...range })),
    { call: "unmap", seg, addr: 0, len: scope.pages * PAGE_BYTES },
  ];
}

function adds(
  scope: Scope,
  seg: number,
  { domid }: Bound,
  unregistered: (page: number) => boolean,
): readonly Call[] {
  const domids = domid === 0 ? scope.domids : [domid];
  const grantable = ranges(scope.pages, Math.min(scope.refs, scope.maxGrefs)).filter(
    ({ page, count }) => !Array.from({ length: count }, (_, index) => page + index).some(unregistered),
  );
  return domids.flatMap((own) => [
    ...ranges(scope.pages, scope.pages).flatMap((range) =>
      frameBases(scope).map((base) => addMfns(seg, range, own, base)),
    ),
    ...grantable.flatMap((range) => [false, true].map((writable) => addGrefs(seg, range, own, writable))),
  ]);
}

function registrations({ pages, alphabet }: Scope, seg: number): readonly Call[] {
  return Array.from({ length: pages }, (_, page) => [
    { call: "add_gref_pte", seg, page, pte_ma: pteAddress(seg, page) } as const,
    ...(alphabet === "wide" ? [{ call: "add_gref_pte", seg, page, pte_ma: NO_PTE } as const] : []),
  ]).flat();
}

/** May softlockcnt fall to 0 in this accepted call, so that it matters whether somebody waits (D5)? */
export function mayWake(scope: Scope, call: Call, { frames }: SegmentContext): boolean {
  const locked = frames.flatMap((frame, page) => (frame === null ? [] : [page]));
  if (call.call === "unmap") return locked.length > 0 && call.addr === 0 && call.len === scope.pages * PAGE_BYTES;
  if (call.call !== "add_mfns" && call.call !== "add_grefs") return false;
  const range: Range = { page: call.page, count: call.call === "add_grefs" ? call.grefs.length : call.count };
  if (locked.some((page) => page < range.page || page >= range.page + range.count)) return false;
  return locked.length > 0 || (call.call === "add_mfns" && scope.faults.has("update_va_mapping"));
}
