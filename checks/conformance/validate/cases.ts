import type { Returned } from "../../../impl/driver.js";
import type { SeenAnswers } from "../../../traces/log/log.js";
import { ALL_SUCCEED, type Answers, type GrantAnswer } from "../../../traces/scenario/scenario.js";
import { contentOf, firstOf, GRANTED, MISTAKEN, pageValue, RIGHTLY, registrationOf, UNREGISTERED } from "./pages.js";
import { MOST_FRAMES, type PlacedCall } from "./place.js";
import type { Path } from "./window.js";

/**
 * A part of the states that a call could have been made in, which the call does not tell apart, with answers that the
 * environment could have given: one question to the chart. The cases of a call cover all states and all answers.
 */
export interface Case {
  /** By page of the call's range, the values that the page has in this case; a part of those that it could have. */
  readonly masks: readonly number[];
  /** By page of the window, the value that stands for them. */
  readonly stands: readonly number[];
  readonly path: Path;
  /** Grants that a release was not able to unmap may be any, but the one at this index, which is one. */
  readonly anyStayedBut?: number;
}

/** What tells the cases of a call apart: its range's pages, what was seen of its answers, and what it returned if that was seen. */
export interface CaseInput {
  readonly placed: PlacedCall;
  readonly masks: readonly number[];
  readonly seen: SeenAnswers;
  readonly ret: Returned | undefined;
}

/** More pages of which it is not known whether they are granted are too many for a release that failed in part. */
const MOST_UNSURE = 8;

/** `null`: there are too many. */
export function casesOf(input: CaseInput): readonly Case[] | null {
  switch (input.placed.call.call) {
    case "create":
    case "dup":
      return plain(input, addmapPaths(input));
    case "add_mfns":
      return plain(input, framePaths(input));
    case "add_grefs":
      return grefCases(input);
    case "release_grefs":
      return releaseCases(input);
    default:
      return plain(input, [SUCCESS]);
  }
}

const EMPTY = pageValue("empty", "none");

/** The call looks at no page: an empty one stands for any. */
function plain({ placed, masks }: CaseInput, paths: readonly Path[]): readonly Case[] {
  const stands = new Array<number>(placed.size).fill(EMPTY);
  return paths.map((path) => ({ masks, stands, path }));
}

/** Refused as long as a page is not registered: which is the first? Then, as long as one is registered wrongly: which is the first? */
function grefCases(input: CaseInput): readonly Case[] {
  const { masks } = input;
  const paths = grantPaths(input.seen.map_grant_ref);
  const registered = masks.map((mask) => mask & ~UNREGISTERED);
  // Mostly all is known: no page may be anything but rightly registered.
  if (masks.every((mask) => (mask & ~RIGHTLY) === 0)) return paths.map((path) => caseOf(input, masks, path));
  return [
    ...firstIn(masks, UNREGISTERED).map((part) => caseOf(input, part, SUCCESS)),
    ...firstIn(registered, MISTAKEN).flatMap((part) => paths.map((path) => caseOf(input, part, path))),
    ...all(registered.map((mask) => mask & RIGHTLY)).flatMap((part) => paths.map((path) => caseOf(input, part, path))),
  ];
}

/** For each page that may be in the set: it is, and none before it. Together all states in which some page is. */
function firstIn(masks: readonly number[], set: number): readonly (readonly number[])[] {
  return masks.flatMap((_, first) =>
    all(masks.map((mask, page) => (page < first ? mask & ~set : page === first ? mask & set : mask))),
  );
}

/** The states in which each page is in its set, if there are any. */
function all(masks: readonly number[]): readonly (readonly number[])[] {
  return masks.includes(0) ? [] : [masks];
}

function caseOf({ placed }: CaseInput, masks: readonly number[], path: Path): Case {
  const stands = Array.from({ length: placed.size }, (_, page) => standFor(placed, masks[page]));
  return { masks, stands, path };
}

/** An add looks at a page's registration, and a release at its content: of the rest one stands for all, so that few questions are asked. */
function standFor({ call }: PlacedCall, mask: number | undefined): number {
  if (mask === undefined) return EMPTY;
  const value = firstOf(mask);
  return call.call === "add_grefs"
    ? pageValue("empty", registrationOf(value))
    : pageValue(contentOf(value), "registered");
}

function releaseCases(input: CaseInput): readonly Case[] | null {
  const { masks, seen } = input;
  const answers = onlyOne(seen.unmap_grant_ref);
  if (answers === null) return unseenRelease(input);
  if (answers.rc !== 0) {
    const path = pathOf({ ...ALL_SUCCEED, unmap_grant_ref: [{ rc: answers.rc, status: [] }] });
    const none = all(masks.map((mask) => mask & ~GRANTED));
    return [...none, ...firstIn(masks, GRANTED)].map((part) => caseOf(input, part, path));
  }
  if (answers.status.length === 0) return [caseOf(input, grantedIfPossible(masks), SUCCESS)].map(over(masks));
  const path = pathOf({ ...ALL_SUCCEED, unmap_grant_ref: [answers] });
  return everyGranted(masks)?.map((part) => caseOf(input, part, path)) ?? null;
}

/** Either all is unmapped, or some grant stays: any of them, and whatever becomes of the others. */
function unseenRelease(input: CaseInput): readonly Case[] {
  const { masks } = input;
  const granted = grantedIfPossible(masks);
  const stays = masks.flatMap((mask, page) => {
    if ((mask & GRANTED) === 0) return [];
    const element = granted.slice(0, page).filter((other) => (other & GRANTED) !== 0).length;
    const status = new Array<number>(element + 1).fill(0).with(element, REFUSED);
    const path = pathOf({ ...ALL_SUCCEED, unmap_grant_ref: [{ rc: 0, status }] });
    const part = masks.map((other, at) => (at === page ? other & GRANTED : other));
    return [{ ...caseOf(input, granted, path), masks: part, anyStayedBut: page }];
  });
  return [over(masks)(caseOf(input, granted, SUCCESS)), ...stays];
}

function grantedIfPossible(masks: readonly number[]): readonly number[] {
  return masks.map((mask) => mask & GRANTED || mask);
}

/** The same question, asked for more states than it stands for: those in which fewer pages are granted come to the same. */
function over(masks: readonly number[]): (found: Case) => Case {
  return (found) => ({ ...found, masks });
}

/** Each way in which the pages may be granted or not. */
function everyGranted(masks: readonly number[]): readonly (readonly number[])[] | null {
  const unsure = masks.filter((mask) => (mask & GRANTED) !== 0 && (mask & ~GRANTED) !== 0).length;
  if (unsure > MOST_UNSURE) return null;
  let parts: readonly (readonly number[])[] = [[]];
  for (const mask of masks) {
    const sets = [mask & GRANTED, mask & ~GRANTED].filter((set) => set !== 0);
    parts = parts.flatMap((part) => sets.map((set) => [...part, set]));
  }
  return parts;
}

const paths = new Map<string, Path>();

/** The same path each time for the same answers. */
function pathOf(answers: Answers): Path {
  const key = JSON.stringify(answers);
  let path = paths.get(key);
  if (path === undefined) {
    if (paths.size >= MOST_PATHS) paths.clear();
    path = { key, answers };
    paths.set(key, path);
  }
  return path;
}

const MOST_PATHS = 10_000;

/** Xen's general error, and an errno for VOP_ADDMAP. */
const REFUSED = -1;
const ENXIO = 6;

const SUCCESS: Path = { key: "", answers: ALL_SUCCEED };
const FRAME_REFUSED = pathOf({ ...ALL_SUCCEED, update_va_mapping: [REFUSED] });
const GRANTS_REFUSED = pathOf({ ...ALL_SUCCEED, map_grant_ref: [{ rc: REFUSED, status: [] }] });
const GRANT_REFUSED = pathOf({ ...ALL_SUCCEED, map_grant_ref: [{ rc: 0, status: [REFUSED] }] });

/** VOP_ADDMAP may have failed with any errno: with that which was returned, if it was seen. */
function addmapPaths({ seen, ret }: CaseInput): readonly Path[] {
  if (seen.addmap !== undefined) return [seen.addmap === 0 ? SUCCESS : pathOf({ ...ALL_SUCCEED, addmap: seen.addmap })];
  const errno = typeof ret === "number" && ret !== 0 ? ret : ENXIO;
  return [SUCCESS, pathOf({ ...ALL_SUCCEED, addmap: errno })];
}

/** The first refusal ends it, so which it is makes no difference. */
function framePaths({ seen, placed }: CaseInput): readonly Path[] {
  const codes = seen.update_va_mapping;
  if (codes === undefined) return [SUCCESS, FRAME_REFUSED];
  const refused = codes.findIndex((code) => code !== 0);
  if (refused === -1) return [SUCCESS];
  // A window has no more frames than this: the last of them stands for all beyond it, if there are any.
  const at = placed.count > MOST_FRAMES && refused < placed.count ? Math.min(refused, MOST_FRAMES - 1) : refused;
  const refusal = new Array<number>(at + 1).fill(0).with(at, codes[refused] ?? REFUSED);
  return [pathOf({ ...ALL_SUCCEED, update_va_mapping: refusal })];
}

/** Of elements that were not seen it makes no difference which is refused. */
function grantPaths(seen: readonly GrantAnswer[] | undefined): readonly Path[] {
  const answers = onlyOne(seen);
  if (answers === null) return [SUCCESS, GRANTS_REFUSED, GRANT_REFUSED];
  return [
    answers.rc === 0 && answers.status.length === 0 ? SUCCESS : pathOf({ ...ALL_SUCCEED, map_grant_ref: [answers] }),
  ];
}

/** A driver that makes one hypercall a call has one answer. How the elements fall to several can't be told: they count as not seen. */
function onlyOne(seen: readonly GrantAnswer[] | undefined): GrantAnswer | null {
  if (seen === undefined || seen.length > 1) return null;
  return seen[0] ?? { rc: 0, status: [] };
}
