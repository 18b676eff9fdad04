import type { LiveGrant, Observation, PageRecord, Pte, SegmentState } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { segmentsWithData } from "./counts.js";
import { type Found, found, NONE, type QuiescentInvariant } from "./invariant.js";
import { grantWords, hex, pageWords, pteWords, recordWords } from "./words.js";

/** The invariants that tie the driver's map to the page tables and to the hypervisor's grants. */

function agrees(record: PageRecord, pte: Pte | null | undefined, domid: number): boolean {
  const real = !pte || pte.kind === "throwaway" ? null : pte;
  switch (record.type) {
    case "empty":
      return real === null;
    case "mfn":
      return real !== null && real.kind === "foreign" && real.mfn === record.mfn && real.domid === domid;
    case "gref":
      return real !== null && real.kind === "grant" && record.mapped && real.handle === record.handle;
  }
}

function mapAgainstPtes({ after }: Judged): readonly string[] {
  let so: Found = null;
  for (let seg = 0; seg < after.segments.length; seg++) {
    const segment = after.segments[seg];
    if (!segment) continue;
    const ptes = after.pageTables[seg]?.ptes;
    for (let page = 0; page < segment.map.length; page++) {
      const record = segment.map[page];
      const pte = ptes?.[page];
      if (record === undefined || agrees(record, pte, segment.domid)) continue;
      // Without this a frame of the wrong domain reads as a contradiction in terms.
      const whose = record.type === "mfn" ? ` of domain ${segment.domid}` : "";
      so = found(
        so,
        `${pageWords(seg, page)}: ${recordWords(record)}${whose} in the map, but its PTE maps ${pteWords(pte)}`,
      );
    }
  }
  return so ?? NONE;
}

/** The live grant of a handle. Grants come in order of handle, so this is a binary search. */
function grantOf(grants: readonly LiveGrant[], handle: number): LiveGrant | null {
  let low = 0;
  let high = grants.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const grant = grants[middle];
    if (grant === undefined) return null;
    if (grant.handle === handle) return grant;
    if (grant.handle < handle) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/**
 * Is every recorded grant live at the very page that records it, and is every live grant so recorded? A grant sits at
 * one page, so then no two records can share one, and a count shows that none is missing.
 */
function allInPlace(after: Observation): boolean {
  let recorded = 0;
  for (let seg = 0; seg < after.segments.length; seg++) {
    const segment = after.segments[seg];
    if (!segment) continue;
    for (let page = 0; page < segment.map.length; page++) {
      const record = segment.map[page];
      if (record === undefined || record.type !== "gref" || !record.mapped) continue;
      const grant = grantOf(after.grants, record.handle);
      if (grant === null || grant.seg !== seg || grant.page !== page || grant.pte_ma !== record.pte_ma) return false;
      recorded++;
    }
  }
  return recorded === after.grants.length;
}

interface Owner {
  readonly where: string;
  readonly pte_ma: bigint;
}

function ownersByHandle(segments: readonly (SegmentState | null)[]): Map<number, Owner[]> {
  const owners = new Map<number, Owner[]>();
  segments.forEach((segment, seg) => {
    segment?.map.forEach((record, page) => {
      if (record.type !== "gref" || !record.mapped) return;
      const those = owners.get(record.handle) ?? [];
      those.push({ where: pageWords(seg, page), pte_ma: record.pte_ma });
      owners.set(record.handle, those);
    });
  });
  return owners;
}

function grantOwners({ after }: Judged): readonly string[] {
  if (allInPlace(after)) return NONE;
  const details: string[] = [];
  const owners = ownersByHandle(after.segments);
  for (const grant of after.grants) {
    const name = `${grantWords(grant)}, mapped at ${pageWords(grant.seg, grant.page)},`;
    const those = owners.get(grant.handle) ?? [];
    if (those.length === 0) details.push(`${name} is recorded nowhere`);
    if (those.length > 1) details.push(`${name} is recorded in ${those.map(({ where }) => where).join(" and ")}`);
    for (const { where, pte_ma } of those) {
      if (pte_ma === grant.pte_ma) continue;
      details.push(
        `${where}: handle ${grant.handle} is recorded at ${hex(pte_ma)}, but mapped at ${hex(grant.pte_ma)}`,
      );
    }
    owners.delete(grant.handle);
  }
  for (const [handle, those] of owners) {
    for (const { where } of those) details.push(`${where}: handle ${handle} is recorded, but no such grant is live`);
  }
  return details;
}

function tableResidue(after: Observation, seg: number, so: Found): Found {
  const table = after.pageTables[seg];
  if (table === undefined) return so;
  let left = so;
  for (let page = 0; page < table.ptes.length; page++) {
    const pte = table.ptes[page];
    if (pte) left = found(left, `${pageWords(seg, page)}: the segment is gone, but its PTE maps ${pteWords(pte)}`);
  }
  if (table.locks !== 0)
    left = found(left, `segment ${seg}: it is gone, but the count of its page table's locks is ${table.locks}`);
  return left;
}

/**
 * Segments are all alike, so each has the same share of the kernel's memory; when one of several ends its share must be
 * back. (The kernel doesn't know whose a block is.)
 */
function shareReturned({ before, after }: Judged): boolean {
  const were = segmentsWithData(before);
  const are = segmentsWithData(after);
  return are >= were || after.memory.blocks * were === before.memory.blocks * are;
}

function residue(judged: Judged): readonly string[] {
  const { before, after } = judged;
  let so: Found = null;
  let anyLeft = false;
  for (let seg = 0; seg < after.segments.length; seg++) {
    if (after.segments[seg]) anyLeft = true;
    else so = tableResidue(after, seg, so);
  }
  for (const grant of after.grants) {
    if (after.segments[grant.seg]) continue;
    so = found(
      so,
      `${pageWords(grant.seg, grant.page)}: the segment is gone, but ${grantWords(grant)} is still mapped`,
    );
  }
  if (!anyLeft) {
    const { holds, mappedPages } = after.vnode;
    const { blocks } = after.memory;
    if (holds !== 0) so = found(so, `no segment is left, but the vnode's holds are ${holds}`);
    if (mappedPages !== 0) so = found(so, `no segment is left, but the vnode's mapped pages are ${mappedPages}`);
    if (blocks !== 0) so = found(so, `no segment is left, but the blocks of memory are ${blocks}`);
  } else if (!shareReturned(judged)) {
    so = found(
      so,
      `memory: ${before.memory.blocks} blocks for ${segmentsWithData(before)} segments before, ` +
        `but ${after.memory.blocks} for the ${segmentsWithData(after)} left now`,
    );
  }
  return so ?? NONE;
}

/** A GREF record that isn't mapped is nobody's truth at rest: it has no handle, so no PTE can be its grant. */
export const mapIsTruth: QuiescentInvariant = {
  id: "map-is-truth",
  prose:
    "The driver's map and the page table say the same of every page: MFN m where the PTE maps frame m of the segment's " +
    "domain, GREF with handle h where the PTE is grant h, EMPTY where it is neither (a throwaway PTE is neither).",
  section: "5",
  clauses: [
    "3.adds.teardown",
    "3.adds.success",
    "3.add_gref_pte.record",
    "3.release_grefs.granted",
    "3.release_grefs.failed",
    "3.dup.child",
    "4.xen.frames",
    "4.xen.map",
  ],
  scope: "quiescent",
  breaches: mapAgainstPtes,
};

/** A handle counts as recorded in a page whose record is GREF and marked as mapped. */
export const grantOwnedOnce: QuiescentInvariant = {
  id: "grant-owned-once",
  prose:
    "Every grant that the hypervisor holds mapped is recorded in one page of one segment, at the address it was mapped " +
    "at; and no page records a grant that isn't mapped.",
  section: "5",
  clauses: [
    "3.adds.teardown",
    "3.add_gref_pte.record",
    "3.release_grefs.granted",
    "3.release_grefs.failed",
    "3.dup.child",
    "4.xen.map",
    "4.xen.unmap",
  ],
  scope: "quiescent",
  breaches: grantOwners,
};

/** Throwaway PTEs count: whoever loaded one unloads it before the segment is gone. */
export const noResidue: QuiescentInvariant = {
  id: "no-residue",
  prose:
    "Of a segment that is gone nothing remains: no PTE, no lock, no grant; and once no segment is left, no hold of the " +
    "vnode, no mapped page and no memory.",
  section: "5",
  clauses: ["3.unmap.whole", "3.free", "4.kmem"],
  scope: "quiescent",
  breaches: residue,
};
