import type { Call, Returned } from "../../../impl/driver.js";
import type { SeenAnswers } from "../../../traces/log/log.js";
import { type Case, casesOf } from "./cases.js";
import { contentOf, GRANTED, registrationOf, withContent, withRegistration } from "./pages.js";
import { isReserved, type PlacedCall, place } from "./place.js";
import { boxKey, type Domid, GONE, newBox, type SegmentBox, type UnknownDomid } from "./segments.js";
import { type WindowResult, type WindowState, Windows } from "./window.js";

/** A call of the log, with what was seen of how it ended. */
export interface SeenCall {
  readonly call: Call;
  /** `undefined`: not seen. */
  readonly ret: Returned | undefined;
  readonly answers: SeenAnswers;
  /** The kernel panicked instead of returning. */
  readonly panicked: boolean;
}

/** What a call may have come to: what it returned, and what the segments are then. */
export interface Came {
  readonly ret: Returned;
  readonly panicked: boolean;
  readonly boxes: readonly SegmentBox[];
}

/** What is the same for a whole log. */
export interface StepperOptions {
  readonly maxGrefs: number;
  /** Whether `pte_ma` follows the convention of scenarios. */
  readonly convention: boolean;
}

/** Steps boxes of states by calls, as the chart says. */
export class BoxStepper {
  readonly #windows: Windows;
  readonly #options: StepperOptions;
  #cut = false;

  constructor(options: StepperOptions) {
    this.#options = options;
    this.#windows = Windows.of(options.maxGrefs);
  }

  /** Whether a step since this was last asked had too many cases, so that some of what may have come was left out. */
  takeCut(): boolean {
    const cut = this.#cut;
    this.#cut = false;
    return cut;
  }

  /**
   * All that the call may have come to, that agrees with what was seen of it; nothing if it can't be made. Where two have
   * equal boxes and return the same, they are one.
   * @param at where among the boxes the call's segment is; of a `create` the new one
   * @param child where the child of a `dup` is
   * @param pages how many the segment has, or will have
   */
  step(boxes: readonly SegmentBox[], at: number, child: number | null, pages: number, seen: SeenCall): readonly Came[] {
    const came: Came[] = [];
    for (const known of withKnownDomid(boxes, at, seen.call)) this.#step(known, at, child, pages, seen, came);
    return came.length < 2 ? came : distinct(came);
  }

  #step(
    boxes: readonly SegmentBox[],
    at: number,
    child: number | null,
    pages: number,
    seen: SeenCall,
    came: Came[],
  ): void {
    const box = boxes[at];
    if (box === undefined || !isMade(boxes, at, child, seen.call)) return;
    const { domid } = box;
    const own = !("domid" in seen.call) || domid === 0 || domid === seen.call.domid;
    const placed = place(seen.call, own ? "own" : "other", pages, this.#options);
    const masks: number[] = [];
    for (let page = 0; page < placed.count; page++) masks.push(box.pages[placed.first + page] ?? 0);
    const cases = casesOf({ placed, masks, seen: seen.answers, ret: seen.ret });
    if (cases === null) this.#cut = true;
    const results = (cases ?? []).map((one) => this.#windows.perform(windowState(box, one), placed, one.path));
    const [first] = results;
    if (results.length > 1 && first && results.every((result) => isSameRefusal(result, first))) {
      // It tells nothing of the pages.
      if (agrees(seen, first)) came.push({ ret: first.ret, panicked: false, boxes });
      return;
    }
    for (const [n, result] of results.entries()) {
      const one = cases?.[n];
      if (one === undefined || result === null || !agrees(seen, result)) continue;
      const { ret, verdict } = result;
      const next = after(boxes, at, child, pages, { seen, placed, one, result });
      came.push({ ret, panicked: verdict === "panics", boxes: next });
    }
  }
}

function isSameRefusal(result: WindowResult | null, { ret }: WindowResult): boolean {
  return result?.verdict === "refused" && result.ret === ret;
}

function agrees({ ret, panicked }: SeenCall, result: WindowResult): boolean {
  return (result.verdict === "panics") === panicked && (panicked || ret === undefined || ret === result.ret);
}

/** Whether the call is made on a segment that takes it: a new one, a stillborn one, a live one. */
export function isMade(boxes: readonly SegmentBox[], at: number, child: number | null, { call }: Call): boolean {
  const life = call === "create" ? "absent" : call === "free" ? "stillborn" : "live";
  return boxes[at]?.life === life && (child === null || boxes[child]?.life === "absent");
}

/** An add tells whether a domid that nobody has seen is its own. */
function withKnownDomid(boxes: readonly SegmentBox[], at: number, call: Call): readonly (readonly SegmentBox[])[] {
  const domid = boxes[at]?.domid;
  if (domid === undefined || typeof domid === "number" || !("domid" in call)) return [boxes];
  if (isReserved(call.domid) || domid.not.includes(call.domid)) return [boxes];
  const not = [...domid.not, call.domid].sort((a, b) => a - b);
  return [replaced(boxes, domid, call.domid), replaced(boxes, domid, { id: domid.id, not })];
}

function replaced(boxes: readonly SegmentBox[], { id }: UnknownDomid, by: Domid): readonly SegmentBox[] {
  return boxes.map((box) => (typeof box.domid !== "number" && box.domid.id === id ? { ...box, domid: by } : box));
}

function windowState({ life, prot, domid }: SegmentBox, { stands }: Case): WindowState {
  return {
    life: life === "gone" ? "absent" : life, // no call is made on one that is gone
    prot: prot === "none" ? "none" : "rw",
    bound: domid !== 0,
    pages: stands,
  };
}

interface Happened {
  readonly seen: SeenCall;
  readonly placed: PlacedCall;
  readonly one: Case;
  readonly result: WindowResult;
}

function after(
  boxes: readonly SegmentBox[],
  at: number,
  child: number | null,
  pages: number,
  happened: Happened,
): readonly SegmentBox[] {
  const box = boxes[at];
  if (box === undefined) return boxes;
  const next = boxes.with(at, ownAfter(box, pages, happened));
  const born = happened.result.child;
  if (child === null || born === null) return next;
  return next.with(child, newBox(born.stillborn, box.prot, born.bound ? box.domid : 0, pages));
}

function ownAfter(box: SegmentBox, pages: number, { seen, placed, one, result }: Happened): SegmentBox {
  if (result.life === "gone") return GONE;
  if (seen.call.call === "create") return newBox(result.life === "stillborn", seen.call.prot, 0, pages);
  const binds = result.bound && box.domid === 0 && "domid" in seen.call;
  const domid = binds && "domid" in seen.call ? seen.call.domid : box.domid;
  const same = placed.count === 0 || sameMasks(box, placed, one, result);
  if (same && domid === box.domid) return box;
  const masks = box.pages.slice();
  for (let page = 0; page < placed.count; page++) masks[placed.first + page] = maskAfter(page, one, result, seen.call);
  return { ...box, domid, pages: masks };
}

/** Whether the call has changed nothing and told nothing of its pages. */
function sameMasks(box: SegmentBox, { first, count }: PlacedCall, { masks }: Case, { verdict }: WindowResult): boolean {
  if (verdict !== "refused") return false;
  for (let page = 0; page < count; page++) if (box.pages[first + page] !== masks[page]) return false;
  return true;
}

/**
 * What a page of the range may be afterwards. The chart was shown one of the values that it may have had before. An add puts its
 * own content there whatever was before, and leaves the registration; a registration does the reverse; a release looks at
 * grants only.
 */
function maskAfter(page: number, { masks, stands, anyStayedBut }: Case, result: WindowResult, { call }: Call): number {
  const before = masks[page] ?? 0;
  const value = result.pages[Math.min(page, result.pages.length - 1)] ?? 0;
  if (result.verdict === "refused") return before;
  if (call === "add_gref_pte") return withRegistration(before, registrationOf(value));
  if (call !== "release_grefs") return withContent(before, contentOf(value));
  const stood = stands[page] ?? 0;
  const granted = before & GRANTED;
  if (granted === 0 || ((1 << stood) & GRANTED) === 0) return before;
  const released = withContent(granted, "empty");
  if (anyStayedBut !== undefined && anyStayedBut !== page) return before | released;
  return contentOf(value) === "grant" ? before : (before & ~GRANTED) | released;
}

function distinct(came: readonly Came[]): readonly Came[] {
  const found = new Map<string, Came>();
  for (const one of came) {
    const key = `${one.panicked} ${typeof one.ret} ${one.ret}|${one.boxes.map(boxKey).join("|")}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
