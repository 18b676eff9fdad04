import type { Call, Observation, Question, QuestionKind } from "../../../impl/driver.js";
import { calls, failureOf } from "../../../model/alphabet.js";
import { acceptedCalls } from "../../../model/calls/accepted.js";
import { refusedCalls } from "../../../model/calls/refused.js";
import { PAGE_BYTES, pteAddress } from "../../../model/constants.js";
import type { Scope } from "../../../model/scope.js";
import { ALL_SUCCEED } from "../../../traces/scenario/scenario.js";
import { stepText } from "../../../traces/scenario/text.js";
import { callKey } from "../../conformance/edge.js";
import type { Specification } from "../../conformance/specification.js";
import { guardName } from "../../engine/guards.js";
import type { Setup } from "./setup.js";
import type { Instant, Visit, Walker } from "./walker.js";
import { conditionOf } from "./words.js";

/** A call that can be made now. */
export interface Choice {
  readonly call: Call;
  /** The call with its arguments, as a button says it. */
  readonly text: string;
  /** False for calls that are refused, or have no effect. */
  readonly changes: boolean;
}

/** What the specification says of a call before it is made. */
export interface Foretold {
  /** What the chart's branch is taken for: its guard in words. */
  readonly branch: string | null;
  /** What is returned, where no answer decides. */
  readonly says: string | null;
}

/** The choices of one kind of call on one segment. */
export interface ChoiceGroup {
  readonly name: Call["call"];
  readonly seg: number;
  readonly choices: readonly Choice[];
}

/** What can't happen now, and what stops it. */
export interface Blocked {
  readonly what: string;
  /** In words. */
  readonly why: string;
  /** The guard of the chart that stops it, if it is one. */
  readonly guard: string | null;
}

/** An answer to what the driver asks. */
export interface AnswerChoice {
  readonly answer: number;
  readonly text: string;
}

/** All that can be chosen at rest, in groups. None after a panic. */
export function choicesAt({ scope }: Walker, visit: Visit): readonly ChoiceGroup[] {
  if (hasPanicked(visit)) return [];
  const { spec, observed } = visit;
  const seen = callsOn(scope, observed);
  const refused = new Set(seen.refused.map(callKey));
  const offered = spec === null ? [...seen.accepted, ...seen.refused] : withoutDoubles(calls(scope, spec.view));
  const groups = new Map<string, { name: Call["call"]; seg: number; choices: Choice[] }>();
  for (const call of offered) {
    const { call: name, seg } = call;
    const key = `${seg} ${name}`;
    const group = groups.get(key) ?? { name, seg, choices: [] };
    groups.set(key, group);
    group.choices.push({ call, text: textOf(call), changes: !refused.has(callKey(call)) });
  }
  return [...groups.values()];
}

/** The same call may be offered for two reasons. */
function withoutDoubles(offered: readonly Call[]): readonly Call[] {
  const known = new Map(offered.map((call) => [callKey(call), call]));
  return [...known.values()];
}

/** What the specification says of a call, if it is a reference. Takes a while: to be asked of what is looked at. */
export function foretell({ specification }: Walker, { spec }: Visit, call: Call): Foretold {
  const [first] = spec === null ? [] : specification.course(spec, call, [], true);
  const transition = first?.taken.find(({ source }) => source.key === "idle");
  const result = first?.result ?? null;
  return {
    branch: transition === undefined ? null : conditionOf(transition),
    says: result === null ? null : result.verdict === "panics" ? "panics" : `returns ${result.ret ?? "nothing"}`,
  };
}

/** What the specification's alphabet would offer, from what is seen of the driver alone. */
function callsOn(scope: Scope, { segments }: Observation): { readonly accepted: Call[]; readonly refused: Call[] } {
  const accepted: Call[] = [];
  const refused: Call[] = [];
  for (const [seg, segment] of segments.entries()) {
    if (segment === null) continue;
    if (segment.stillborn) {
      accepted.push({ call: "free", seg });
      continue;
    }
    const unregistered = (page: number) => (segment.registered[page] ?? null) === null;
    accepted.push(...acceptedCalls(scope, seg, segment, unregistered));
    if (segments.length <= scope.forks) accepted.push({ call: "dup", seg, into: segments.length });
    refused.push(...refusedCalls(scope, seg, segment, unregistered));
  }
  return { accepted, refused };
}

const texts = new WeakMap<Call, string>();

/** A call with its arguments, without its name and segment. */
function textOf(call: Call): string {
  let text = texts.get(call);
  if (text === undefined) {
    text = argumentsOf(call);
    texts.set(call, text);
  }
  return text;
}

function argumentsOf(call: Call): string {
  return stepText({ call, answers: ALL_SUCCEED })
    .replace(/^[a-z_]+\(seg \d+(?:, )?/, "")
    .replace(/\)( while somebody waits)?$/, "$1")
    .replace("writable false", "read-only")
    .replace("writable true", "writable");
}

/** The answers that can be given now. A segment's mapping is counted once, so a second failure of that can't be told. */
export function answersTo({ question, asked }: Instant): readonly AnswerChoice[] {
  const { kind } = question;
  const isSecond = kind === "addmap" && asked.some((before) => before.question.kind === "addmap");
  const failure = failureOf(kind);
  const success = kind === "unmap_grant_ref_status" ? "as the hypervisor works it out" : "succeeds (0)";
  return [{ answer: 0, text: success }, ...(isSecond ? [] : [{ answer: failure, text: `fails (${failure})` }])];
}

const QUESTIONS: Readonly<Record<QuestionKind, string>> = {
  addmap: "VOP_ADDMAP",
  update_va_mapping: "update_va_mapping_otherdomain",
  map_grant_ref: "GNTTABOP_map_grant_ref",
  map_grant_ref_status: "status of a mapped element",
  unmap_grant_ref: "GNTTABOP_unmap_grant_ref",
  unmap_grant_ref_status: "status of an unmapped element",
};

/** What the driver asks, in words. */
export function questionText(question: Question): string {
  const what = QUESTIONS[question.kind];
  if ("page" in question) return `${what} for page ${question.page}`;
  if ("element" in question) return `${what}: element ${question.element}`;
  if ("count" in question) return `${what} of ${question.count}`;
  return `${what} for segment ${question.seg}`;
}

const ANSWERS = Object.keys(QUESTIONS) as readonly QuestionKind[];

/** What can't happen now, calls and answers, each with what stops it. */
export function blockedAt(walker: Walker, visit: Visit, instant: Instant | null): readonly Blocked[] {
  if (instant !== null) return blockedUnderWay(instant);
  const answers = ANSWERS.map((kind) => ({ what: `answer ${kind}`, why: "no call is under way", guard: null }));
  if (hasPanicked(visit)) {
    const why = "the machine has panicked";
    return [...NAMES.map((what) => ({ what, why, guard: null })), ...answers.map((one) => ({ ...one, why }))];
  }
  return [...blockedCalls(walker, visit), ...answers];
}

const NAMES = ["create", "add_mfns", "add_gref_pte", "add_grefs", "release_grefs", "dup", "unmap", "free", "fault"];

function blockedUnderWay({ underWay, question, course }: Instant): readonly Blocked[] {
  const { call } = underWay.call;
  const awaited = course.at(-1)?.awaited?.kind ?? null;
  return [
    ...NAMES.map((what) => ({ what, why: `${call} is under way: the state idle is not active`, guard: null })),
    ...ANSWERS.filter((kind) => kind !== question.kind).map((kind) => ({
      what: `answer ${kind}`,
      why: kind === awaited ? "the driver does not ask it" : `the driver waits for ${question.kind}`,
      guard: null,
    })),
  ];
}

/** Calls that could be made in some state, and not in this one. */
function blockedCalls({ specification, setup }: Walker, { spec, observed }: Visit): readonly Blocked[] {
  if (spec === null) return [];
  return representatives(setup, observed.segments.length)
    .filter((call) => !specification.enables(spec, call))
    .map((call) => {
      const guard = stoppedBy(specification, call);
      return { what: `${call.call} of segment ${call.seg}`, why: whyNot(call, observed, setup), guard };
    });
}

/** One call of every kind on every segment that ever came to be, and the next one. */
function representatives({ pages }: Setup, made: number): readonly Call[] {
  const each = Array.from({ length: made }, (_, seg): readonly Call[] => [
    { call: "add_mfns", seg, page: 0, count: 1, mfn: 0x100, domid: 7 },
    { call: "add_gref_pte", seg, page: 0, pte_ma: pteAddress(seg, 0) },
    { call: "add_grefs", seg, page: 0, grefs: [5], writable: false, domid: 7 },
    { call: "release_grefs", seg, page: 0, count: 1 },
    { call: "dup", seg, into: made },
    { call: "unmap", seg, addr: 0, len: pages * PAGE_BYTES },
    { call: "free", seg },
    { call: "fault", seg, page: 0, count: 1, type: "softlock", rw: "read" },
  ]);
  return [{ call: "create", seg: made, prot: "rw", maxprot: "rwx" }, ...each.flat()];
}

/** The guard of the chart that a call fails: of the last branch, which is for calls that nothing else is said of. */
function stoppedBy({ machine }: Specification, { call }: Call): string | null {
  const idle = machine.states.running?.states.call?.states.idle;
  const branches = idle?.transitions.get(`call.${call}`) ?? [];
  const last = branches.at(-1);
  return last === undefined ? null : guardName(last.guard);
}

function whyNot({ call, seg }: Call, { segments }: Observation, { creates, forks }: Setup): string {
  if (call === "create") return `create is offered ${creates === 1 ? "once" : `${creates} times`} (D8)`;
  const segment = segments[seg] ?? null;
  if (segment === null) return `segment ${seg} is gone`;
  if (call === "free") return `segment ${seg} is live, not stillborn`;
  if (segment.stillborn) return `segment ${seg} is stillborn`;
  return forks === 0 ? "no fork is offered" : `${forks === 1 ? "one fork is" : `${forks} forks are`} offered at most`;
}

export function hasPanicked({ made }: Visit): boolean {
  return made !== null && made.judged.outcome.panic !== null;
}
