import { getInitialSnapshot } from "xstate";
import type { Prot, Returned } from "../../../impl/driver.js";
import type { Awaited } from "../../../model/alphabet.js";
import { type ComposedSegment, compose } from "../../../model/compose.js";
import { answerEvent, callEvent, type SpecEvent } from "../../../model/events.js";
import type { ExpectedPage, ExpectedSegment, Verdict } from "../../../model/expectation.js";
import { type SegmentMachine, type SpecSnapshot, segmentMachine } from "../../../model/machine.js";
import { project, registration } from "../../../model/projection.js";
import { FAULT_CLASSES } from "../../../model/scope.js";
import type { Answers } from "../../../traces/scenario/scenario.js";
import { ChartStepper, chartQuestion } from "../stepper.js";
import { type Content, contentOf, pageValue, registrationOf } from "./pages.js";
import { OWN_DOMID, type PlacedCall } from "./place.js";

/** One state of a window: a segment that has a call's range of pages and no others. */
export interface WindowState {
  readonly life: "absent" | "live" | "stillborn";
  readonly prot: Prot;
  readonly bound: boolean;
  /** By page of the window, a page value. */
  readonly pages: readonly number[];
}

/** What the specification says of a call on a window, with its answers. */
export interface WindowResult {
  readonly ret: Returned;
  readonly verdict: Verdict;
  readonly life: "live" | "stillborn" | "gone";
  readonly bound: boolean;
  readonly pages: readonly number[];
  /** The child that came to be. */
  readonly child: { readonly stillborn: boolean; readonly bound: boolean } | null;
}

/** What the environment answers, and a name for it. */
export interface Path {
  readonly key: string;
  readonly answers: Answers;
}

/** Results remembered at a time. */
const MOST_RESULTS = 50_000;

/** What may fail; who waits can't be seen in calls and returns, so the chart is not asked. */
const FAULTS = new Set(FAULT_CLASSES.filter((fault) => fault !== "waiting"));

/** Asks the chart what calls come to, on charts of as many pages as the call's range has. Each answer is worked out once. */
export class Windows {
  static readonly #known = new Map<number, Windows>();
  readonly #maxGrefs: number;
  readonly #charts = new Map<number, Chart>();
  readonly #results = new Map<string, WindowResult | null>();

  /** The same for all logs: what the chart says does not depend on them. */
  static of(maxGrefs: number): Windows {
    let windows = Windows.#known.get(maxGrefs);
    if (windows === undefined) {
      windows = new Windows(maxGrefs);
      Windows.#known.set(maxGrefs, windows);
    }
    return windows;
  }

  private constructor(maxGrefs: number) {
    this.#maxGrefs = maxGrefs;
  }

  /** `null` if the call can't be made in this state. */
  perform(state: WindowState, placed: PlacedCall, path: Path): WindowResult | null {
    const key = `${state.life} ${state.prot} ${state.bound} ${state.pages.join("")}|${placed.key}|${path.key}`;
    let result = this.#results.get(key);
    if (result === undefined) {
      if (this.#results.size >= MOST_RESULTS) {
        this.#results.clear();
        this.#charts.clear();
      }
      result = this.#chart(placed.size).perform(state, placed, path.answers);
      this.#results.set(key, result);
    }
    return result;
  }

  #chart(pages: number): Chart {
    let chart = this.#charts.get(pages);
    if (chart === undefined) {
      chart = new Chart(pages, this.#maxGrefs);
      this.#charts.set(pages, chart);
    }
    return chart;
  }
}

/** The chart of a window: one segment, and one fork where a call may be one (those are placed in windows of one page). */
class Chart {
  readonly #segments: number;
  readonly #machine: SegmentMachine;
  readonly #stepper: ChartStepper;
  readonly #window = chartQuestion(windowOf);

  constructor(pages: number, maxGrefs: number) {
    const forks = pages === 1 ? 1 : 0;
    this.#segments = 1 + forks;
    this.#machine = segmentMachine({ pages, forks, maxGrefs, faults: FAULTS });
    this.#stepper = new ChartStepper(this.#machine);
  }

  perform(state: WindowState, { call }: PlacedCall, answers: Answers): WindowResult | null {
    let from = this.#stepper.state(this.#compose(state));
    let event: SpecEvent = callEvent(call);
    while (true) {
      const step = this.#stepper.step(from, event);
      if (step === null) return null; // the chart does not enable the call
      const { next, result } = step;
      if (result !== null)
        return { ...this.#stepper.answer(this.#window, next), ret: result.ret, verdict: result.verdict };
      const wanted = this.#stepper.awaited(next);
      if (wanted === null) return null;
      event = answerEvent(wanted.kind, answerTo(wanted, answers));
      from = next;
    }
  }

  #compose({ life, prot, bound, pages }: WindowState): SpecSnapshot {
    if (life === "absent") return getInitialSnapshot(this.#machine);
    const segment: ComposedSegment = {
      stillborn: life === "stillborn",
      prot,
      maxprot: "rwx",
      domid: bound ? OWN_DOMID : 0,
      pages: pages.map((value) => ({ holds: HOLDS[contentOf(value)], registration: registrationOf(value) })),
    };
    return compose(this.#machine, this.#segments, segment);
  }
}

const HOLDS: Readonly<Record<Content, ExpectedPage>> = {
  empty: { type: "empty" },
  frame: { type: "mfn", mfn: 1n },
  grant: { type: "gref", gref: 1, writable: false },
};

/** Answers by page or element, in the order in which the chart asks. */
function answerTo(wanted: Awaited, { addmap, update_va_mapping, map_grant_ref, unmap_grant_ref }: Answers): number {
  switch (wanted.kind) {
    case "addmap":
      return addmap;
    case "update_va_mapping":
      return update_va_mapping[wanted.page] ?? 0;
    case "map_grant_ref":
      return map_grant_ref[0]?.rc ?? 0;
    case "map_grant_ref_status":
      return map_grant_ref[0]?.status[wanted.element] ?? 0;
    case "unmap_grant_ref":
      return unmap_grant_ref[0]?.rc ?? 0;
    case "unmap_grant_ref_status":
      return unmap_grant_ref[0]?.status[wanted.element] ?? 0;
  }
}

function windowOf(snapshot: SpecSnapshot): Omit<WindowResult, "ret" | "verdict"> {
  const [segment, child] = project(snapshot).segments;
  if (!segment) return { life: "gone", bound: false, pages: [], child: null };
  return {
    life: segment.stillborn ? "stillborn" : "live",
    bound: segment.domid !== 0,
    pages: segment.pages.map(({ type }, page) => pageValue(CONTENT_OF[type], registration(snapshot, 0, page))),
    child: child ? { stillborn: child.stillborn, bound: child.domid !== 0 } : null,
  };
}

const CONTENT_OF: Readonly<Record<ExpectedSegment["pages"][number]["type"], Content>> = {
  empty: "empty",
  mfn: "frame",
  gref: "grant",
};
