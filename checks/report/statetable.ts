import type { LiveGrant, LockName, Observation, PageRecord, Pte, SegmentState } from "../../impl/driver.js";
import { pteText, recordText } from "./pages.js";

/** One part of a state in several states: what it is called, and what it is in each, as text; `null` where it is not there. */
export interface StateRow {
  readonly what: string;
  readonly values: readonly (string | null)[];
}

/**
 * States side by side, part by part: segments in their order, each with its pages, then what is no segment's. All that was
 * observed is in it: two states have the same values in every row if and only if they are equal. What is in none of the states
 * has no row.
 */
export function stateTable(states: readonly Observation[]): readonly StateRow[] {
  const rows: StateRow[] = [];
  const add = (what: string, read: (state: Observation) => string | null | undefined): void => {
    const values = states.map((state) => read(state) ?? null);
    if (values.some((value) => value !== null)) rows.push({ what, values });
  };
  for (let seg = 0; seg < most(states, ({ pageTables }) => pageTables.length); seg++) {
    const of = (what: string) => `segment ${seg} ${what}`;
    add(`segment ${seg}`, ({ segments }) => lifeText(segments[seg]));
    add(of("domid"), ({ segments }) => textOf(segments[seg]?.domid));
    add(of("softlockcnt"), ({ segments }) => textOf(segments[seg]?.softlockcnt));
    add(of("PT locks"), ({ pageTables }) => textOf(pageTables[seg]?.locks));
    add(of("PT locks of callers"), ({ pageTables }) => textOf(pageTables[seg]?.callerLocks));
    add(of("is awaited"), ({ waiting }) => textOf(waiting[seg]));
    for (let page = 0; page < most(states, ({ pageTables }) => pageTables[seg]?.ptes.length ?? 0); page++) {
      const at = (what: string) => `segment ${seg} page ${page} ${what}`;
      add(at("registered"), ({ segments }) => textOf(segments[seg]?.registered[page]));
      add(at("map"), ({ segments }) => wholeRecord(segments[seg]?.map[page]));
      add(at("PTE"), ({ pageTables }) => wholePte(pageTables[seg]?.ptes[page]));
    }
  }
  const handles = new Set(states.flatMap(({ grants }) => grants.map(({ handle }) => handle)));
  for (const handle of [...handles].sort((a, b) => a - b)) {
    add(`grant ${handle}`, ({ grants }) => grantText(grants.find((grant) => grant.handle === handle)));
  }
  add("vnode holds", ({ vnode }) => textOf(vnode.holds));
  add("vnode mapped pages", ({ vnode }) => textOf(vnode.mappedPages));
  add("memory blocks", ({ memory }) => textOf(memory.blocks));
  add("locks held", ({ heldLocks }) => heldLocks.map(lockText).join(", ") || null);
  return rows;
}

function most(states: readonly Observation[], count: (state: Observation) => number): number {
  return Math.max(...states.map(count));
}

function textOf(value: number | bigint | boolean | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "bigint" ? `0x${value.toString(16)}` : String(value);
}

function lifeText(segment: SegmentState | null | undefined): string | null {
  if (segment === undefined) return null;
  if (segment === null) return "freed";
  return `${segment.stillborn ? "stillborn" : "live"}, prot ${segment.prot}, maxprot ${segment.maxprot}`;
}

function wholeRecord(record: PageRecord | undefined): string | null {
  if (record === undefined || record.type === "empty") return null;
  if (record.type === "mfn") return recordText(record);
  const { writable, mapped, handle, pte_ma } = record;
  return `${recordText(record)} ${access(writable)} at ${textOf(pte_ma)}${mapped ? "" : `, handle ${handle}`}`;
}

function wholePte(pte: Pte | null | undefined): string | null {
  if (!pte) return null;
  return pte.kind === "grant" ? `${pteText(pte)}, ref ${pte.gref} of ${pte.domid}` : pteText(pte);
}

function grantText(grant: LiveGrant | undefined): string | null {
  if (grant === undefined) return null;
  const { gref, domid, writable, pte_ma, seg, page } = grant;
  return `ref ${gref} of ${domid} ${access(writable)} at ${textOf(pte_ma)} for segment ${seg} page ${page}`;
}

function lockText({ lock, seg }: LockName): string {
  return seg === null ? lock : `${lock} of segment ${seg}`;
}

function access(writable: boolean): string {
  return writable ? "rw" : "ro";
}
