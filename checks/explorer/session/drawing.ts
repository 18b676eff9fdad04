import type { LiveGrant, Observation, PageRecord, Pte, SegmentState } from "../../../impl/driver.js";
import type { ExpectedState } from "../../../model/expectation.js";
import { type Disagreement, disagreements, type Place } from "../../../model/invariants/agreement.js";
import { lockWords } from "../../../model/invariants/words.js";
import { pteText, recordText } from "../../report/pages.js";

/** One thing that can be seen of a state, beside what it was before and what it must be. */
export interface Cell {
  readonly text: string;
  /** How it is drawn. */
  readonly look: "none" | "plain" | "frame" | "grant" | "throwaway";
  /** What it was before the last step, if that changed it. */
  readonly was: string | null;
  /** What the specification says that it must be, if it disagrees. */
  readonly must: string | null;
}

export interface PageDrawing {
  readonly page: number;
  readonly record: Cell;
  readonly pte: Cell;
  readonly registered: Cell;
}

export interface SegmentDrawing {
  readonly seg: number;
  readonly life: Cell;
  /** Counts and settings of the segment, by name. */
  readonly facts: readonly Fact[];
  readonly pages: readonly PageDrawing[];
}

export interface Fact {
  readonly name: string;
  readonly cell: Cell;
}

/** A state as it is drawn: plain data. */
export interface Drawing {
  readonly segments: readonly SegmentDrawing[];
  readonly grants: readonly Fact[];
  /** What belongs to no segment. */
  readonly machine: readonly Fact[];
  /** What specification and driver disagree on, one line each. */
  readonly disagreements: readonly string[];
}

/** Draws a state: what changed since `before`, and what is not as the specification says (nothing, where it says nothing). */
export function drawingOf(now: Observation, before: Observation | null, expected: ExpectedState | null): Drawing {
  const found = expected === null ? [] : disagreements(expected, now);
  const pen = new Pen(before === null ? now : before, now, found);
  const handles = new Set([...now.grants, ...(before?.grants ?? [])].map(({ handle }) => handle));
  return {
    segments: now.pageTables.map((_, seg) => pen.segment(seg)),
    grants: [...handles].sort((a, b) => a - b).map((handle) => pen.grant(handle)),
    machine: pen.machine(),
    disagreements: found.map(({ detail }) => detail),
  };
}

class Pen {
  readonly #before: Observation;
  readonly #now: Observation;
  readonly #found: readonly Disagreement[];

  constructor(before: Observation, now: Observation, found: readonly Disagreement[]) {
    this.#before = before;
    this.#now = now;
    this.#found = found;
  }

  segment(seg: number): SegmentDrawing {
    const facts: Fact[] = [];
    const fact = (name: string, part: Place["part"] | null, read: (state: Observation) => string | null): void => {
      const cell = this.#cell(read, part === null ? null : { seg, part });
      if (cell.text !== "" || cell.was !== null) facts.push({ name, cell });
    };
    fact("prot", "prot", (state) => segmentIn(state, seg)?.prot ?? null);
    fact("maxprot", "maxprot", (state) => segmentIn(state, seg)?.maxprot ?? null);
    fact("domid", "domid", (state) => domidText(segmentIn(state, seg)));
    fact("softlockcnt", "softlockcnt", (state) => numberText(segmentIn(state, seg)?.softlockcnt));
    fact("page-table locks", "locks", ({ pageTables }) => locksText(pageTables[seg]));
    fact("waits for it", null, ({ waiting }) => (waiting[seg] === true ? "somebody" : "nobody"));
    return {
      seg,
      life: this.#cell((state) => lifeText(state.segments[seg]), { seg, part: "life" }),
      facts,
      pages: (this.#now.pageTables[seg]?.ptes ?? []).map((_, page) => this.#page(seg, page)),
    };
  }

  grant(handle: number): Fact {
    const cell = this.#cell(
      (state) => grantText(grantIn(state, handle)),
      { part: "grant", handle },
      () => "grant",
    );
    return { name: `grant ${handle}`, cell };
  }

  machine(): readonly Fact[] {
    const held = ({ heldLocks }: Observation) => heldLocks.map(lockWords).join(", ") || "none";
    return [
      { name: "vnode holds", cell: this.#cell(({ vnode }) => String(vnode.holds), { part: "holds" }) },
      { name: "pages counted", cell: this.#cell(({ vnode }) => String(vnode.mappedPages), { part: "mappedPages" }) },
      { name: "memory blocks", cell: this.#cell(({ memory }) => String(memory.blocks), { part: "blocks" }) },
      { name: "grants mapped", cell: this.#cell(({ grants }) => String(grants.length), { part: "grants" }) },
      { name: "locks held", cell: this.#cell(held, null) },
    ];
  }

  #page(seg: number, page: number): PageDrawing {
    const record = (state: Observation) => segmentIn(state, seg)?.map[page];
    const pte = (state: Observation) => state.pageTables[seg]?.ptes[page] ?? null;
    return {
      page,
      record: this.#cell(
        (state) => wholeRecord(record(state)),
        { seg, page, part: "map" },
        (state) => lookOfRecord(record(state)),
      ),
      pte: this.#cell(
        (state) => pteText(pte(state)),
        { seg, page, part: "pte" },
        (state) => lookOfPte(pte(state)),
      ),
      registered: this.#cell(
        (state) => wordText(segmentIn(state, seg)?.registered[page]),
        { seg, page, part: "registered" },
        (state) => (segmentIn(state, seg)?.registered[page] == null ? "none" : "plain"),
      ),
    };
  }

  #cell(
    read: (state: Observation) => string | null,
    place: Place | null,
    look: (state: Observation) => Cell["look"] = () => "plain",
  ): Cell {
    const [was, is] = [read(this.#before), read(this.#now)];
    return {
      text: is ?? "",
      look: look(this.#now),
      was: was === is ? null : (was ?? "not there"),
      must: place === null ? null : this.#mustBe(place),
    };
  }

  #mustBe(place: Place): string | null {
    const there = this.#found.find(
      ({ place: found }) =>
        found.part === place.part &&
        (place.handle === undefined
          ? found.seg === place.seg && found.page === place.page
          : found.handle === place.handle),
    );
    return there?.must ?? null;
  }
}

function segmentIn({ segments }: Observation, seg: number): SegmentState | null {
  return segments[seg] ?? null;
}

function grantIn({ grants }: Observation, handle: number): LiveGrant | undefined {
  return grants.find((grant) => grant.handle === handle);
}

function lifeText(segment: SegmentState | null | undefined): string | null {
  if (segment === undefined) return null;
  if (segment === null) return "gone";
  return segment.stillborn ? "stillborn" : "live";
}

function domidText(segment: SegmentState | null): string | null {
  if (segment === null) return null;
  return segment.domid === 0 ? "unbound" : String(segment.domid);
}

function locksText(table: Observation["pageTables"][number] | undefined): string | null {
  if (table === undefined) return null;
  return table.callerLocks === 0 ? String(table.locks) : `${table.locks}, ${table.callerLocks} of them callers'`;
}

function numberText(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}

function wordText(word: bigint | null | undefined): string {
  return word == null ? "–" : `0x${word.toString(16)}`;
}

function wholeRecord(record: PageRecord | undefined): string {
  if (record === undefined) return "–";
  if (record.type !== "gref") return recordText(record);
  return `${recordText(record)} ${record.writable ? "rw" : "ro"} at ${wordText(record.pte_ma)}`;
}

function lookOfRecord(record: PageRecord | undefined): Cell["look"] {
  if (record === undefined || record.type === "empty") return "none";
  return record.type === "mfn" ? "frame" : record.mapped ? "grant" : "none";
}

function lookOfPte(pte: Pte | null): Cell["look"] {
  if (pte === null) return "none";
  return pte.kind === "foreign" ? "frame" : pte.kind;
}

function grantText(grant: LiveGrant | undefined): string | null {
  if (grant === undefined) return null;
  const { gref, domid, writable, pte_ma, seg, page } = grant;
  const where = `${wordText(pte_ma)}, segment ${seg} page ${page}`;
  return `ref ${gref} of domain ${domid}, ${writable ? "rw" : "ro"}, at ${where}`;
}
