import { type AnyTransitionDefinition, getInitialSnapshot } from "xstate";
import type { Answered, Call, Driver, KernelCall, QuestionKind, Returned, Snapshot } from "../../../impl/driver.js";
import { CORRECTED, segmfDriver } from "../../../impl/segmf/edition.js";
import { eventsByPart } from "../../../model/alphabet.js";
import type { SpecEvent } from "../../../model/events.js";
import { machineOf } from "../../../model/machine.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../../model/scope.js";
import { chartQuestion } from "../../conformance/stepper.js";
import { type MachineState, MachineStepper } from "../../engine/index.js";
import { type Identity, identityOf, keyOf } from "../chart/transitions.js";

/** A transition of the chart as one kind of call takes it, and what the corrected driver asks of the kernel meanwhile. */
export interface ObservedTransition extends Identity {
  readonly call: string;
  /** Where the transition ends the call: each value that is returned. */
  readonly returns: readonly Returned[];
  /** Kernel functions in the order in which they are called where most of them are; `always` if they are each time. */
  readonly kernel: readonly { readonly fn: string; readonly always: boolean }[];
}

/** Small scopes that together take every transition of the chart. */
export const OBSERVED_SCOPES: readonly Scope[] = [
  defineScope({ pages: 2, domids: [7], faults: new Set(FAULT_CLASSES), alphabet: "wide" }),
  defineScope({ pages: 2, domids: [7], maxGrefs: 1 }),
  defineScope({ pages: 1, domids: [7], forks: 1 }),
];

/**
 * Makes every call with every answer in every state at rest of the scopes, on the chart and on the corrected driver side by
 * side, and notes for each transition of the chart what the driver asked of the kernel. In the order in which they were first seen.
 * That the driver does what the chart says is for `segmf check` to find out; where it asks for other answers this throws.
 */
export function observe(scopes: readonly Scope[] = OBSERVED_SCOPES): readonly ObservedTransition[] {
  const notes = new Map<string, Note>();
  for (const scope of scopes) new Walk(scope, notes).run();
  return [...notes.values()].map(({ call, identity, returns, kernel, longest, times }) => ({
    call,
    ...identity,
    returns: [...returns],
    kernel: [...new Set([...longest, ...kernel.keys()])].map((fn) => ({ fn, always: kernel.get(fn) === times })),
  }));
}

interface Note {
  readonly call: string;
  readonly identity: Identity;
  readonly returns: Set<Returned>;
  /** How often each function was seen. */
  readonly kernel: Map<string, number>;
  /** The first of those times at which most of them were seen. */
  longest: readonly string[];
  times: number;
}

/** An event of a call, the transitions that it took, and where that led. */
interface Step {
  readonly event: SpecEvent;
  readonly taken: readonly AnyTransitionDefinition[];
  readonly next: MachineState;
}

class Walk {
  readonly #stepper: MachineStepper;
  readonly #driver: Driver;
  readonly #questions;
  readonly #notes: Map<string, Note>;
  /** The states at rest, each with the driver's. */
  readonly #rests = new Map<MachineState, Snapshot>();

  constructor(scope: Scope, notes: Map<string, Note>) {
    const machine = machineOf(scope);
    const { pages, maxGrefs } = scope;
    this.#stepper = new MachineStepper(machine);
    this.#driver = segmfDriver({ machine: { kernel: "debug", pages, maxGrefs }, errata: CORRECTED });
    this.#questions = eventsByPart(scope).map((part) => chartQuestion(part));
    this.#notes = notes;
    const start = this.#stepper.same(this.#stepper.state(getInitialSnapshot(machine)));
    this.#rests.set(start, this.#driver.snapshot());
  }

  run(): void {
    // A map gives what is put in while it is gone through.
    for (const [state, snapshot] of this.#rests) {
      for (const event of this.#eventsIn(state)) {
        if ("call" in event) this.#goOn(state, event, [], (steps) => this.#made(event.call, steps, snapshot));
      }
    }
  }

  #eventsIn(state: MachineState): readonly SpecEvent[] {
    return this.#questions.flatMap((question) => this.#stepper.answer(question, state));
  }

  /** Takes an event, and every answer after it until the call has ended. */
  #goOn(from: MachineState, event: SpecEvent, before: readonly Step[], ended: (steps: readonly Step[]) => void): void {
    const step = this.#stepper.step(from, event);
    if (step === null) return;
    const next = this.#stepper.same(step.next);
    const steps = [...before, { event, taken: step.taken, next }];
    if (step.taken.some(isEnd)) ended(steps);
    else for (const answer of this.#eventsIn(next)) this.#goOn(next, answer, steps, ended);
  }

  /** The same call with the same answers, on the driver. */
  #made(call: Call, steps: readonly Step[], snapshot: Snapshot): void {
    const answers = steps.slice(1).flatMap(({ event }) => ("call" in event ? [] : [event]));
    let asked = 0;
    this.#driver.restore(snapshot);
    const outcome = this.#driver.perform(call, {
      answer: ({ kind }) => {
        const answer = answers[asked++];
        if (answer?.type !== `answer.${kind}`) throw new Error(`${call.call}: the driver asks for ${kind} by itself`);
        return "rc" in answer ? answer.rc : answer.status;
      },
    });
    const chunks = chunksOf(outcome.calls, outcome.asked);
    steps.forEach(({ taken }, at) => {
      this.#note(call.call, taken, chunks[at] ?? [], outcome.ret);
    });
    const last = steps.at(-1);
    if (outcome.panic !== null || last === undefined || this.#rests.has(last.next)) return;
    this.#rests.set(last.next, this.#driver.snapshot());
  }

  /** What the driver asked belongs to the last transition of the call's own region: the ones before it only lead there. */
  #note(call: string, taken: readonly AnyTransitionDefinition[], asked: readonly KernelCall[], ret: Returned): void {
    const owner = taken.findLast(({ source }) => source.path[1] === "call");
    for (const transition of taken) {
      const identity = identityOf(transition);
      const key = `${call} ${keyOf(identity)}`;
      let note = this.#notes.get(key);
      if (note === undefined) {
        note = { call, identity, returns: new Set(), kernel: new Map(), longest: [], times: 0 };
        this.#notes.set(key, note);
      }
      note.times++;
      if (isEnd(transition)) note.returns.add(ret);
      if (transition !== owner) continue;
      const functions = [...new Set(asked.map(functionOf))];
      for (const fn of functions) note.kernel.set(fn, (note.kernel.get(fn) ?? 0) + 1);
      if (functions.length > note.longest.length) note.longest = functions;
    }
  }
}

function isEnd({ actions }: AnyTransitionDefinition): boolean {
  return actions.some((action) => typeof action === "object" && "type" in action && action.type === "returns");
}

/** Mutexes by which they are. */
function functionOf({ fn, lock }: KernelCall): string {
  return typeof lock === "string" ? `${fn}(${lock})` : fn;
}

/** Functions that the environment answers, with what it is asked. What comes after one belongs to the next event. */
const QUESTIONS: ReadonlyMap<string, QuestionKind> = new Map([
  ["vop_addmap", "addmap"],
  ["update_va_mapping_otherdomain", "update_va_mapping"],
  ["map_grant_ref", "map_grant_ref"],
  ["unmap_grant_ref", "unmap_grant_ref"],
]);

/** Kernel calls by the event that they follow: the call itself, then each answer. The statuses of a hypercall come with it. */
function chunksOf(calls: readonly KernelCall[], asked: readonly Answered[]): readonly (readonly KernelCall[])[] {
  const chunks: KernelCall[][] = Array.from({ length: asked.length + 1 }, () => []);
  let at = 0;
  for (const call of calls) {
    chunks[at]?.push(call);
    const kind = QUESTIONS.get(call.fn);
    if (kind === undefined || asked[at]?.question.kind !== kind) continue;
    at++;
    while (asked[at]?.question.kind.endsWith("_status") === true) at++;
  }
  return chunks;
}
