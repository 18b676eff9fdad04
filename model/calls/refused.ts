import type { Call } from "../../impl/driver.js";
import { DOMID_SELF, PAGE_BYTES, pteAddress } from "../constants.js";
import { PASSIVE_OPS } from "../passive.js";
import type { Scope } from "../scope.js";
import type { Bound } from "./accepted.js";
import { addGrefs, addMfns, type Range, ranges } from "./shapes.js";

/**
 * Calls on a live segment that change nothing: refused ones, boundary ones, and the slots without effect. One call stands for each refusal
 * (and one for each pair of refusals whose order can be seen), since what else a refused call says makes no difference.
 */
export function refusedCalls(
  scope: Scope,
  seg: number,
  segment: Bound,
  unregistered: (page: number) => boolean,
): readonly Call[] {
  return [
    ...refusedAdds(scope, seg, segment),
    ...unregisteredAdds(scope, seg, segment, unregistered),
    { call: "add_gref_pte", seg, page: scope.pages, pte_ma: pteAddress(seg, scope.pages) },
    ...refusedReleases(scope, seg),
    ...refusedUnmaps(scope, seg),
    { call: "fault", seg, page: 0, count: 1, type: "softlock", rw: "read" },
    ...PASSIVE_OPS.map((call): Call => ({ call, seg, page: 0, count: 1 })),
  ];
}

function refusedAdds(scope: Scope, seg: number, segment: Bound): readonly Call[] {
  const { pages, maxGrefs } = scope;
  const { own, other } = domidsFor(scope, segment);
  const one: Range = { page: 0, count: 1 };
  const none: Range = { page: 0, count: 0 };
  const tooMany: Range = { page: 0, count: maxGrefs + 1 };
  const both = (range: Range, domid: number) => [addMfns(seg, range, domid), addGrefs(seg, range, domid)];
  return [
    ...both(one, own).map((add) => ({ ...add, foreign: true })),
    ...both(one, 0).map((add) => ({ ...add, foreign: true })),
    ...both(one, 0),
    ...both(one, DOMID_SELF),
    ...(segment.prot === "none" ? both(one, own) : []),
    ...both({ page: pages - 1, count: 2 }, own),
    ...both({ page: pages, count: 1 }, own),
    ...both({ page: pages + 1, count: 0 }, own),
    ...(maxGrefs > 1 ? [addGrefs(seg, { page: Math.max(0, pages - maxGrefs), count: maxGrefs + 1 }, own)] : []),
    ...(pages > maxGrefs ? [addGrefs(seg, tooMany, own)] : []),
    ...both(none, own),
    ...both({ page: pages, count: 0 }, own),
    ...(other === null ? [] : both(none, other)),
    ...(other === null || pages <= maxGrefs ? [] : [addGrefs(seg, tooMany, other)]),
    ...(other === null ? [] : [addMfns(seg, { page: 0, count: pages }, other)]),
    ...(other === null ? [] : [addGrefs(seg, { page: 0, count: Math.min(pages, maxGrefs) }, other)]),
  ];
}

/** The domid that an add may name, and, once the segment is bound, one that it may not. */
function domidsFor(
  { domids }: Scope,
  { domid }: Bound,
): { readonly own: number; readonly other: number | null } {
  if (domid === 0) return { own: domids[0] ?? 0, other: null }; // a scope has a domid
  return { own: domid, other: domids.find((foreign) => foreign !== domid) ?? domid + 2 };
}

/** Adds of grants to ranges with a page whose PTE nobody registered. */
function unregisteredAdds(
  scope: Scope,
  seg: number,
  segment: Bound,
  unregistered: (page: number) => boolean,
): readonly Call[] {
  if (segment.prot === "none") return [];
  const { own } = domidsFor(scope, segment);
  return ranges(scope.pages, Math.min(scope.refs, scope.maxGrefs))
    .filter(({ page, count }) => Array.from({ length: count }, (_, index) => page + index).some(unregistered))
    .map((range) => addGrefs(seg, range, own));
}

function refusedReleases({ pages, maxGrefs }: Scope, seg: number): readonly Call[] {
  const beyond: readonly Range[] = [
    { page: 0, count: 0 },
    { page: pages - 1, count: 2 },
    { page: pages, count: 1 },
    ...(pages > 1 || maxGrefs > 1 ? [{ page: 0, count: maxGrefs + 1 }] : []),
  ];
  return beyond.map((range) => ({ call: "release_grefs", seg, ...range }));
}

function refusedUnmaps({ pages }: Scope, seg: number): readonly Call[] {
  const parts = [{ addr: 0, len: 0 }, ...(pages > 1 ? [{ addr: 0, len: (pages - 1) * PAGE_BYTES }] : [])];
  const bad = [
    { addr: 1, len: 0 },
    { addr: 0, len: 1 },
    { addr: 0, len: (pages + 1) * PAGE_BYTES },
    { addr: pages * PAGE_BYTES, len: PAGE_BYTES },
  ];
  return [...parts, ...bad].map((where) => ({ call: "unmap", seg, ...where }));
}
