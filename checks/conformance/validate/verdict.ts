import type { Prot } from "../../../impl/driver.js";
import type { Candidate, Component } from "./component.js";
import { contentOf, registrationOf } from "./pages.js";
import type { SegmentBox } from "./segments.js";

/** What is known of a run of pages of a segment. Plain data. */
export interface PagesState {
  readonly first: number;
  readonly last: number;
  /** Each a content, with `*` where its PTE is registered and `!` where it is at a wrong address: `grant*`. */
  readonly may: readonly string[];
}

/** What a segment could have been. Plain data. */
export interface SegmentCandidate {
  readonly seg: number;
  readonly life: SegmentBox["life"];
  /** `null`: not seen. */
  readonly prot: Prot | null;
  /** 0 while unbound; `null` while bound to a domain that was not seen. */
  readonly domid: number | null;
  readonly pages: readonly PagesState[];
}

/** What was counted while a log was read. */
export interface Counts {
  readonly events: number;
  readonly calls: number;
  readonly segments: number;
  readonly threads: number;
  /** The most candidates that there were at a time, of one segment or of several that depend on each other. */
  readonly candidates: number;
}

/** Why a log is neither accepted nor rejected. */
export type Incompleteness =
  /** The log breaks off. */
  | "truncated"
  /** No candidate is left, but some were left out on the way. */
  | "too many candidates"
  /** A call overlaps with too many others. */
  | "too many calls wait for one"
  | "interrupted";

/** What is wrong in a log, and where. Events are lines of the log's own format there, and objects while they are worked with. */
export interface Rejection<Event = string> {
  readonly line: number;
  readonly event: Event;
  /** What is wrong, in words. */
  readonly reason: string;
  /** What could have been there instead, in words. */
  readonly expected: readonly string[];
  /** How things could have been just before, some of the ways. */
  readonly states: readonly (readonly SegmentCandidate[])[];
  /** How many ways there were. */
  readonly candidates: number;
  /** The event most like this one that would have been accepted; `null` where none of its kind would. */
  readonly nearest: Event | null;
}

export type Validation = Counts &
  (
    | { readonly verdict: "accepted" }
    | { readonly verdict: "rejected"; readonly rejection: Rejection }
    | { readonly verdict: "incomplete"; readonly why: Incompleteness; readonly line: number }
  );

/** So many of the ways in which things could have been are shown. */
const MOST_SHOWN = 8;

export function statesOf(component: Component, candidates: readonly Candidate[]): Rejection["states"] {
  return candidates
    .slice(0, MOST_SHOWN)
    .map(({ boxes }) => boxes.map((box, at) => segmentCandidate(component.segs[at] ?? -1, box)));
}

function segmentCandidate(seg: number, { life, prot, domid, pages }: SegmentBox): SegmentCandidate {
  return { seg, life, prot, domid: typeof domid === "number" ? domid : null, pages: runs(pages) };
}

function runs(masks: Uint16Array): readonly PagesState[] {
  const found: PagesState[] = [];
  let first = 0;
  for (let page = 1; page <= masks.length; page++) {
    if (masks[page] === masks[first]) continue;
    found.push({ first, last: page - 1, may: valuesOf(masks[first] ?? 0) });
    first = page;
  }
  return found;
}

const MARKS = { none: "", registered: "*", mistaken: "!" } as const;

function valuesOf(mask: number): readonly string[] {
  const values = Array.from({ length: 9 }, (_, value) => value).filter((value) => (mask & (1 << value)) !== 0);
  return values.map((value) => `${contentOf(value)}${MARKS[registrationOf(value)]}`);
}
