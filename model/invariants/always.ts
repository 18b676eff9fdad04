import type { Pte } from "../../impl/driver.js";
import { DOMID_SELF } from "../constants.js";
import type { Judged } from "../judged.js";
import { type Found, found, type HypercallInvariant, NONE } from "./invariant.js";
import { freedAt, type Look, protOf, segmentAt, throughMoments, whenWords } from "./moments.js";
import { grantWords, pageWords, pteWords } from "./words.js";

/** The state invariants that hold at every kernel call too. */

const negativeCount: Look = (_judged, seg, _domid, softlockcnt) =>
  softlockcnt < 0 ? [`segment ${seg}: softlockcnt is ${softlockcnt}`] : NONE;

/** One step of a segment's domid, from what it was bound to (0: nothing yet). */
function domidStep(seg: number, bound: number, domid: number, when: string, so: Found): Found {
  if (domid === bound) return so;
  if (bound === 0 && domid !== DOMID_SELF) return so;
  if (bound === 0) return found(so, `segment ${seg}: it is bound to DOMID_SELF${when}`);
  const now = domid === 0 ? "unbound" : `bound to domain ${domid}`;
  return found(so, `segment ${seg}: it was bound to domain ${bound}, and is ${now}${when}`);
}

function domids(judged: Judged): readonly string[] {
  const { before, after, outcome } = judged;
  let so: Found = null;
  for (let seg = 0; seg < after.segments.length; seg++) {
    let bound = before.segments[seg]?.domid ?? 0;
    if (bound === DOMID_SELF) so = found(so, `segment ${seg}: it is bound to DOMID_SELF`);
    const freed = freedAt(judged, seg);
    for (const moment of outcome.moments) {
      if (moment.at > freed) break;
      const now = segmentAt(moment, seg, seg);
      if (now === null || now.domid === bound) continue;
      so = domidStep(seg, bound, now.domid, whenWords(moment, outcome), so);
      bound = now.domid;
    }
    const rest = after.segments[seg];
    if (rest) so = domidStep(seg, bound, rest.domid, "", so);
  }
  return so ?? NONE;
}

const foreignDomid: Look = (_judged, seg, domid, _softlockcnt, _map, ptes) => {
  let so: Found = null;
  for (let page = 0; page < ptes.length; page++) {
    const pte = ptes[page];
    if (!pte || pte.kind === "throwaway" || pte.domid === domid) continue;
    const owner = domid === 0 ? "the segment is bound to none" : `the segment is bound to domain ${domid}`;
    so = found(so, `${pageWords(seg, page)}: its PTE maps ${pteWords(pte)}, but ${owner}`);
  }
  return so ?? NONE;
};

/** Was this grant's PTE there before the call? */
function isOld({ before }: Judged, seg: number, page: number, handle: number): boolean {
  const pte = before.pageTables[seg]?.ptes[page];
  return pte?.kind === "grant" && pte.handle === handle;
}

/** Does the call under way ask for this page to be granted writable? */
function isAsked({ call }: Judged, seg: number, page: number): boolean {
  if (call.call !== "add_grefs" || call.seg !== seg || !call.writable) return false;
  return page >= call.page && page < call.page + call.grefs.length;
}

const unpermitted: Look = (judged, seg, _domid, _softlockcnt, map, ptes) => {
  let so: Found = null;
  for (let page = 0; page < ptes.length; page++) {
    const pte: Pte | null | undefined = ptes[page];
    if (!pte || pte.kind === "throwaway" || !pte.writable) continue;
    if (pte.kind === "foreign") {
      const prot = protOf(judged, seg);
      if (prot.includes("w")) continue;
      so = found(so, `${pageWords(seg, page)}: its PTE is writable, but the segment's protections are ${prot}`);
      continue;
    }
    const record = map[page];
    const permitted = isOld(judged, seg, page, pte.handle)
      ? record?.type !== "gref" || !record.mapped || record.handle !== pte.handle || record.writable
      : isAsked(judged, seg, page);
    if (permitted) continue;
    const grant = grantWords(pte);
    so = found(so, `${pageWords(seg, page)}: its PTE maps ${grant} writable, but nobody asked for that`);
  }
  return so ?? NONE;
};

export const softlockNonnegative: HypercallInvariant = {
  id: "softlock-nonnegative",
  prose: "A segment's softlockcnt, read as a signed number, is never below 0.",
  section: "5",
  clauses: ["3.adds.teardown", "3.adds.success"],
  scope: "hypercall",
  breaches: (judged) => throughMoments(judged, negativeCount),
};

export const domidOnce: HypercallInvariant = {
  id: "domid-once",
  prose: "Once bound, a segment keeps its domid as long as it lives; and it is never bound to domain 0 or DOMID_SELF.",
  section: "5",
  clauses: ["3.adds.refusals", "3.adds.binding", "3.dup.child"],
  scope: "hypercall",
  breaches: domids,
};

/** Grants are foreign too: a granted PTE belongs to the domain that granted it. */
export const oneDomain: HypercallInvariant = {
  id: "one-domain",
  prose: "Every foreign PTE of a segment, granted ones included, belongs to the domain that the segment is bound to.",
  section: "5",
  clauses: ["3.adds.refusals", "3.adds.binding"],
  scope: "hypercall",
  breaches: (judged) => throughMoments(judged, foreignDomid),
};

/**
 * A frame may be writable where the segment's protections include writing. A grant may be writable if the `add_grefs`
 * that mapped it asked for that: a grant that wasn't there before the call, by this call; an older one was judged when it
 * came, so the record that holds it says what was asked, and one that no record holds any more (a leak, which
 * `grant-owned-once` tells) is taken to be as asked.
 */
export const writePermission: HypercallInvariant = {
  id: "write-permission",
  prose: "No PTE is writable without permission: a frame's by the segment's protections, a grant's by the add's flags.",
  section: "5",
  clauses: ["3.adds.success"],
  scope: "hypercall",
  breaches: (judged) => throughMoments(judged, unpermitted),
};
