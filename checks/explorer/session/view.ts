import type { Returned } from "../../../impl/driver.js";
import type { Verdict } from "../../../model/expectation.js";
import { callMembers } from "../../../traces/run/format.js";
import { type ChartNode, chartOf, type TakenEvent, takenIn } from "./chart.js";
import {
  type AnswerChoice,
  answersTo,
  type Blocked,
  blockedAt,
  type ChoiceGroup,
  choicesAt,
  hasPanicked,
  questionText,
} from "./choices.js";
import { type Drawing, drawingOf } from "./drawing.js";
import { type InvariantStatus, statusOf } from "./invariants.js";
import { textOf } from "./steps.js";
import type { Tree } from "./tree.js";
import type { Instant, Visit, Walker } from "./walker.js";

/** How the last call ended, beside what the specification says of it. */
export interface Ending {
  readonly text: string;
  readonly returned: Returned;
  readonly panic: string | null;
  /** What the specification says; null without a reference. */
  readonly expected: { readonly verdict: Verdict; readonly ret: Returned } | null;
  readonly agrees: boolean;
  /** Each call that the driver made into the kernel, on one line. */
  readonly kernelCalls: readonly string[];
}

/** A call under way, as it is shown. */
export interface Asking {
  readonly call: string;
  readonly question: string;
  readonly answers: readonly AnswerChoice[];
  /** Answers given so far. */
  readonly given: readonly string[];
  /** What the specification waits for, if that is something else. */
  readonly otherwise: string | null;
}

/** All that is shown of where one stands: plain data. */
export interface View {
  readonly drawing: Drawing;
  readonly chart: ChartNode | null;
  readonly taken: readonly TakenEvent[];
  readonly invariants: readonly InvariantStatus[];
  readonly ending: Ending | null;
  readonly asking: Asking | null;
  readonly groups: readonly ChoiceGroup[];
  readonly blocked: readonly Blocked[];
  /** Whether the specification is still a reference for the next step. */
  readonly reference: boolean;
  readonly panicked: boolean;
}

/** What is shown of a state, or of a call that is under way in it. `visit` is of `tree.at`. */
export function viewOf(walker: Walker, tree: Tree, visit: Visit, instant: Instant | null): View {
  const { made, spec } = visit;
  const parent = tree.at.parent === null ? null : walker.visit(tree.at.parent);
  const before = instant === null ? (parent?.observed ?? null) : visit.observed;
  const now = instant?.observed ?? visit.observed;
  const expected = instant === null ? expectedOf(visit) : null;
  return {
    drawing: drawingOf(now, before, expected),
    chart: chartNow(walker, visit, parent, instant),
    taken: takenIn(instant?.course ?? made?.course ?? []),
    invariants: statusOf(made),
    ending: made === null ? null : endingOf(made),
    asking: instant === null ? null : askingOf(instant),
    groups: instant === null ? choicesAt(walker, visit) : [],
    blocked: blockedAt(walker, visit, instant),
    reference: spec !== null,
    panicked: hasPanicked(visit),
  };
}

/** What the specification says of a state: of the initial one its own, of others what it said of the call. */
function expectedOf({ made, spec }: Visit) {
  if (made === null) return spec?.expected ?? null;
  const { expectation, outcome } = made.judged;
  return outcome.panic === null && expectation?.verdict !== "panics" ? (expectation?.after ?? null) : null;
}

/** The chart after the step, also after one that broke an invariant; none where it was no reference before. */
function chartNow(
  walker: Walker,
  { made, spec }: Visit,
  parent: Visit | null,
  instant: Instant | null,
): ChartNode | null {
  const { machine } = walker.specification;
  if (instant !== null) {
    const view = instant.course.at(-1)?.view ?? null;
    return view === null ? null : chartOf(machine, view, spec?.view ?? null);
  }
  const view = spec?.view ?? made?.course.at(-1)?.view ?? null;
  return view === null ? null : chartOf(machine, view, parent?.spec?.view ?? null);
}

function endingOf({ step, judged }: NonNullable<Visit["made"]>): Ending {
  const { outcome, expectation } = judged;
  const expected = expectation === null ? null : { verdict: expectation.verdict, ret: expectation.ret };
  return {
    text: textOf(step),
    returned: outcome.ret,
    panic: outcome.panic,
    expected,
    agrees:
      expected === null ||
      (expected.verdict === "panics" ? outcome.panic !== null : outcome.panic === null && outcome.ret === expected.ret),
    kernelCalls: outcome.calls.map((call) => {
      const { fn, ...args } = callMembers(call);
      const given = Object.entries(args).map(
        ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
      return `${String(fn)}(${given.join(", ")})`;
    }),
  };
}

function askingOf(instant: Instant): Asking {
  const { underWay, question, asked, course } = instant;
  const awaited = course.at(-1)?.awaited ?? null;
  const disagrees = course.length > 0 && awaited?.kind !== question.kind;
  return {
    call: textOf({
      call: underWay.call,
      answers: { addmap: 0, update_va_mapping: [], map_grant_ref: [], unmap_grant_ref: [] },
    }),
    question: questionText(question),
    answers: answersTo(instant),
    given: asked.map(({ question: before, answer }) => `${questionText(before)}: ${answer}`),
    otherwise: disagrees ? (awaited === null ? "ends the call" : `waits for ${awaited.kind}`) : null,
  };
}
