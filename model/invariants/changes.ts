import type { LiveGrant, Observation, SegmentState } from "../../impl/driver.js";
import { type Found, found } from "./invariant.js";
import { sameGrant, samePageTable, samePte, sameRecord, sameSegment } from "./same.js";
import { fullPteWords, grantWords, pageWords, recordWords } from "./words.js";

/** What differs between two observations, for the invariants that say "is as before". Strict: a throwaway PTE counts. */

/** Changes of one page's record and PTE. */
export function pageChanges(seg: number, page: number, before: Observation, after: Observation, so: Found): Found {
  let left = so;
  const was = before.segments[seg]?.map[page];
  const is = after.segments[seg]?.map[page];
  if (!sameRecord(was, is)) {
    left = found(left, `${pageWords(seg, page)}: ${recordWords(was)} in the map became ${recordWords(is)}`);
  }
  const pteWas = before.pageTables[seg]?.ptes[page];
  const pteIs = after.pageTables[seg]?.ptes[page];
  if (!samePte(pteWas, pteIs)) {
    const change = `its PTE mapped ${fullPteWords(pteWas)}, and now maps ${fullPteWords(pteIs)}`;
    left = found(left, `${pageWords(seg, page)}: ${change}`);
  }
  return left;
}

function numberChange(seg: number, name: string, was: number, is: number, so: Found): Found {
  return was === is ? so : found(so, `segment ${seg}: ${name} went from ${was} to ${is}`);
}

/** Changes of what the driver keeps of a segment as a whole. */
function stateChanges(seg: number, was: SegmentState, is: SegmentState, so: Found): Found {
  let left = numberChange(seg, "domid", was.domid, is.domid, so);
  left = numberChange(seg, "softlockcnt", was.softlockcnt, is.softlockcnt, left);
  if (was.stillborn !== is.stillborn)
    left = found(left, `segment ${seg}: it is ${is.stillborn ? "stillborn" : "live"}`);
  if (was.prot !== is.prot) left = found(left, `segment ${seg}: prot went from ${was.prot} to ${is.prot}`);
  if (was.maxprot !== is.maxprot)
    left = found(left, `segment ${seg}: maxprot went from ${was.maxprot} to ${is.maxprot}`);
  return left;
}

/** Changes of a segment: its driver's record and its page table. */
export function segmentChanges(seg: number, before: Observation, after: Observation, so: Found): Found {
  const was = before.segments[seg] ?? null;
  const is = after.segments[seg] ?? null;
  const tableWas = before.pageTables[seg];
  const tableIs = after.pageTables[seg];
  if (sameSegment(was, is) && samePageTable(tableWas, tableIs)) return so;
  if (was !== null && is === null) return found(so, `segment ${seg}: it ended`);
  if (is !== null && was === null) return found(so, `segment ${seg}: it came to be`);
  let left = was !== null && is !== null ? stateChanges(seg, was, is, so) : so;
  left = numberChange(seg, "the count of page-table locks", tableWas?.locks ?? 0, tableIs?.locks ?? 0, left);
  const pages = Math.max(was?.map.length ?? 0, tableIs?.ptes.length ?? 0);
  for (let page = 0; page < pages; page++) left = pageChanges(seg, page, before, after, left);
  return left;
}

/** Are the live grants the same, in order of handle, those mapped into segment `except` left out? */
function sameGrants(before: readonly LiveGrant[], after: readonly LiveGrant[], except: number | null): boolean {
  if (before === after) return true;
  let at = 0;
  for (const was of before) {
    if (was.seg === except) continue;
    while (after[at]?.seg === except) at++;
    if (!sameGrant(was, after[at])) return false;
    at++;
  }
  while (after[at]?.seg === except) at++;
  return at >= after.length;
}

/** Changes of the live grants, those mapped into segment `except` left out. */
export function grantChanges(
  before: readonly LiveGrant[],
  after: readonly LiveGrant[],
  except: number | null,
  so: Found,
): Found {
  if (sameGrants(before, after, except)) return so;
  let left = so;
  for (const was of before) {
    const is = after.find(({ handle }) => handle === was.handle);
    const where = pageWords(was.seg, was.page);
    if (was.seg === except || sameGrant(was, is)) continue;
    left = found(left, `${where}: ${grantWords(was)} was ${is === undefined ? "unmapped" : "replaced by another"}`);
  }
  for (const is of after) {
    if (is.seg === except || before.some(({ handle }) => handle === is.handle)) continue;
    left = found(left, `${pageWords(is.seg, is.page)}: ${grantWords(is)} was mapped`);
  }
  return left;
}
