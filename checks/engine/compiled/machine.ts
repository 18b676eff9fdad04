import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from "xstate";
import { Alphabet, type OfferedEvent } from "../events.js";
import { grown } from "../grown.js";
import { type Events, eventFunctions } from "../machine-system.js";
import { assertCompilable } from "./compilable.js";
import { ContextSlots } from "./context.js";
import type { FunctionMemo } from "./functions.js";
import { remember } from "./history.js";
import { type Interpreter, makeInterpreter, observed } from "./interpreter.js";
import { ACTIVE, DONE, layoutOf, OUTPUT_SLOT, STATUS_SLOT } from "./layout.js";
import { macrostep } from "./macrostep.js";
import { findLeaf, Memo, MemoPool, Mismatch, UNKNOWN } from "./memo.js";
import { Outcomes } from "./outcomes.js";
import { prepare, selectTransitions } from "./select.js";
import { notingSnapshot, plainSnapshot } from "./snapshot.js";
import { type Detail, NeedsDetail, Trace } from "./trace.js";
import { Uncompilable } from "./uncompilable.js";

/** A question about a state that is answered once for each combination of what it looks at. */
export interface Question<T> {
  readonly memo: Memo;
  readonly ask: (snapshot: AnyMachineSnapshot) => T;
  readonly answers: T[];
}

/** How many integers of memos are kept at most; past that, what is new is worked out each time. */
const MOST_MEMORY = 1 << 26;

/** An answer to a question: mostly a boolean, or a list of events that many answers share. */
const BYTES_OF_AN_ANSWER = 16;

/**
 * A machine as a transition system over vectors of small integers, one for each slot (`layout.ts`, `context.ts`). Each
 * step is worked out once for each combination of what it reads, by an interpreter that follows XState's rules, and
 * looked up from then on.
 */
export class CompiledMachine {
  readonly outcomes = new Outcomes();
  readonly interpreter: Interpreter;
  readonly alphabet = new Alphabet();
  readonly pool = new MemoPool();
  /** The roots of the events' memos, by event. */
  roots = new Int32Array(64);
  readonly #steps: Memo[] = [];
  /** How closely the steps of each event are traced. */
  readonly #details: Detail[] = [];
  readonly #events: EventObject[] = [];
  readonly #numbers = new Map<OfferedEvent, number>();
  readonly #numberByIdentity = new WeakMap<object, number>();
  readonly #offered: OfferedEvent[] = [];
  readonly #fixed: readonly number[] | null;
  /** What is offered in a state, part by part. */
  readonly #offers: readonly Question<readonly number[]>[];
  /** By the parts' lists, the list of all of them. */
  readonly #joined = new Map<readonly number[], Map<readonly number[], readonly number[]>>();
  readonly #questions: Question<unknown>[] = [];
  /** Changes when all that was learned is forgotten. */
  epoch = 0;
  /** Of how many events something is known. */
  begun = 0;

  /**
   * @param leaders which members of the context share a slot, as `SharedObject` has shown
   * @throws Uncompilable
   */
  constructor(machine: AnyStateMachine, events: Events, leaders: ReadonlyMap<string, string>) {
    const layout = layoutOf(machine);
    assertCompilable(layout);
    const trace = new Trace(layout.slots);
    this.interpreter = makeInterpreter(layout, new ContextSlots(trace, layout.slots, leaders), trace, this.pool);
    const functions = eventFunctions(events);
    this.#fixed = functions === null ? this.#numbersOf(events as readonly EventObject[]) : null;
    this.#offers = (functions ?? []).map((eventsOf) =>
      this.question((snapshot) => this.#numbersOf(eventsOf(snapshot))),
    );
  }

  /** The events that are offered in every state; `null` if that depends on the state. */
  get fixed(): readonly number[] | null {
    return this.#fixed;
  }

  /** The questions of which events are offered in a state, part by part; none if they are fixed. */
  get offering(): readonly Question<readonly number[]>[] {
    return this.#offers;
  }

  /** How many slots a state has. Grows as members of the context come up. */
  get slots(): number {
    return this.interpreter.layout.slots + this.interpreter.context.slots;
  }

  /** How many values a slot has had, or may have. */
  radix(slot: number): number {
    const { layout, context, outputs, remembered } = this.interpreter;
    if (slot >= layout.slots) return context.radix(slot);
    if (slot === OUTPUT_SLOT) return outputs.size;
    const fixed = layout.radices[slot] ?? 0;
    return fixed > 0 ? fixed : remembered.size;
  }

  /** Bytes of all that was learned: memos, answers, outcomes, values of slots. The same whenever the same was asked. */
  get bytes(): number {
    const { context, outputs, remembered } = this.interpreter;
    return this.pool.bytes + this.outcomes.bytes + context.bytes + outputs.bytes + remembered.bytes;
  }

  event(number: number): EventObject {
    const event = this.#events[number];
    if (event === undefined) throw new Error(`there is no event number ${number}`);
    return event;
  }

  /** Every event offered so far. */
  get events(): readonly EventObject[] {
    return this.#events;
  }

  /** The events offered so far, with in how many states each was enabled. */
  offers(): readonly OfferedEvent[] {
    const enabled = this.outcomes.enabledStates(this.#offered.length);
    return this.#offered.map((offered, number) => ({ ...offered, enabled: enabled[number] ?? 0 }));
  }

  /** A snapshot of XState's as a state. */
  encode(snapshot: AnyMachineSnapshot): Int32Array {
    const { layout, context, outputs, trace } = this.interpreter;
    trace.begin(new Int32Array(0), "slots");
    trace.write(STATUS_SLOT, snapshot.status === "done" ? DONE : ACTIVE);
    if (snapshot.output !== undefined) trace.write(OUTPUT_SLOT, outputs.idOf(snapshot.output));
    for (const node of snapshot._nodes) {
      const { parent, place } = layout.of(node);
      if (parent?.kind === "compound") trace.write(parent.slot, place);
    }
    for (const history of layout.historyNodes) {
      const nodes = snapshot.historyValue[history.state.id];
      if (nodes !== undefined)
        remember(
          this.interpreter,
          history,
          nodes.map((node) => layout.of(node)),
        );
    }
    const changes = context.changes(snapshot.context);
    for (let at = 0; at < changes.length; at += 2) trace.write(changes[at] ?? 0, changes[at + 1] ?? 0);
    const state = new Int32Array(this.slots);
    for (const slot of trace.writes) state[slot] = trace.written(slot);
    return state;
  }

  /** The snapshot that a state stands for. */
  snapshot(state: Int32Array): AnyMachineSnapshot {
    return plainSnapshot(this.interpreter, state);
  }

  /** The numbers of the events that are offered in a state, each once, in order; enabled or not. */
  offered(state: Int32Array): readonly number[] {
    if (this.#fixed !== null) return this.#fixed;
    let all: readonly number[] = NONE;
    for (const question of this.#offers) {
      const part = this.answer(question, state);
      all = all.length === 0 ? part : part.length === 0 ? all : this.#join(all, part);
    }
    return all;
  }

  #join(left: readonly number[], right: readonly number[]): readonly number[] {
    let byRight = this.#joined.get(left);
    if (byRight === undefined) {
      byRight = new Map();
      this.#joined.set(left, byRight);
    }
    let joined = byRight.get(right);
    if (joined === undefined) {
      joined = [...new Set([...left, ...right])];
      byRight.set(right, joined);
    }
    return joined;
  }

  /** A question to be asked of states by `answer`. */
  question<T>(ask: (snapshot: AnyMachineSnapshot) => T): Question<T> {
    const question: Question<T> = { memo: new Memo(this.pool), ask, answers: [] };
    this.#questions.push(question);
    return question;
  }

  /** What the question answers of a state, if that was worked out before. */
  known<T>({ memo, answers }: Question<T>, state: Int32Array): T | undefined {
    const leaf = findLeaf(this.pool, memo.root, state);
    return leaf === UNKNOWN ? undefined : answers[leaf];
  }

  /** What the question answers of a state. What it throws goes through. */
  answer<T>(question: Question<T>, state: Int32Array): T {
    const known = question.memo.find(state);
    // Leaves are places in the list of answers.
    if (known !== UNKNOWN) return question.answers[known] as T;
    const { interpreter } = this;
    interpreter.trace.begin(state, "functions");
    const answer = observed(interpreter, () => question.ask(notingSnapshot(interpreter)));
    if (!this.#isOutdated() && this.pool.size < MOST_MEMORY) {
      this.#keep(question.memo, question.answers.push(answer) - 1);
      this.pool.answerBytes += BYTES_OF_AN_ANSWER;
    }
    return answer;
  }

  /** What an event does in a state, as a number of `outcomes`; `UNKNOWN` before it was evaluated. */
  find(state: Int32Array, event: number): number {
    // Every event that was offered has a memo.
    return (this.#steps[event] as Memo).find(state);
  }

  /** What is known of each event's outcomes, by number. */
  get steps(): readonly Memo[] {
    return this.#steps;
  }

  /** Works out what an event does in a state of which that is not known yet. Returns a number of `outcomes`. */
  evaluate(state: Int32Array, event: number): number {
    // Every event that was offered has a memo.
    const memo = this.#steps[event] as Memo;
    if (memo.isEmpty) prepare(this.interpreter, this.event(event));
    for (;;) {
      try {
        this.interpreter.trace.begin(state, this.#details[event] ?? "functions");
        const outcome = this.#traced(event);
        // What was asked before a new member of the context came up has to be asked again.
        if (this.#isOutdated()) continue;
        if (this.pool.size >= MOST_MEMORY) return outcome;
        if (memo.isEmpty) this.begun += 1;
        if (this.#keep(memo, outcome) !== outcome) throw new Mismatch();
        return outcome;
      } catch (thrown) {
        this.#details[event] = moreDetail(thrown, this.#details[event]);
        memo.clear();
        this.begun += 1;
      }
    }
  }

  /** The function by that number; it must be one that an outcome has pending. */
  pendingFunction(number: number): FunctionMemo {
    const found = this.interpreter.assigns.byNumber(number);
    if (found === undefined) throw new Error("an outcome refers to a function that has been forgotten");
    return found;
  }

  /**
   * The writes of a function's answer in a state, as a number of `outcomes`; `UNKNOWN` if the function was not asked
   * about such a state yet.
   */
  answerIn(state: Int32Array, { number, answers, outcomes }: FunctionMemo): number {
    const answer = findLeaf(this.pool, number, state);
    if (answer === UNKNOWN) return UNKNOWN;
    const changes = answers[answer];
    outcomes[answer] ??= this.outcomes.answer(typeof changes === "object" ? changes : []);
    return outcomes[answer] ?? UNKNOWN;
  }

  #traced(event: number): number {
    const { interpreter, outcomes } = this;
    const object = this.event(event);
    const selected = selectTransitions(interpreter, object);
    if (selected.length === 0) return outcomes.nothing;
    if (selected.every(({ forbidden }) => forbidden)) return outcomes.blocked(selected.map(({ number }) => number));
    macrostep(interpreter, selected, object);
    return outcomes.step(interpreter.trace, event);
  }

  /** A member of the context that was not there before makes what was learned of its absence void: all is forgotten. */
  #isOutdated(): boolean {
    const { epoch } = this.interpreter.context;
    if (epoch === this.epoch) return false;
    this.epoch = epoch;
    this.begun = 0;
    for (const memo of this.#steps) memo.clear();
    for (const question of this.#questions) question.memo.clear();
    return true;
  }

  #keep(memo: Memo, leaf: number): number {
    const { asked, answers } = this.interpreter.trace;
    return memo.add(asked, (index) => answers[index] ?? 0, leaf);
  }

  #numbersOf(events: readonly unknown[]): readonly number[] {
    return [...new Set(events.map((event, index) => this.numberOf(event, index)))];
  }

  /** The number of an event of the alphabet; one that has not been offered yet gets the next. */
  numberOf(event: unknown, index: number): number {
    let number = this.#numberByIdentity.get(event as object);
    if (number === undefined) {
      number = this.#numberOf(this.alphabet.intern(event, index));
      this.#numberByIdentity.set(event as object, number); // what is no object is refused
    }
    return number;
  }

  #numberOf(offered: OfferedEvent): number {
    const known = this.#numbers.get(offered);
    if (known !== undefined) return known;
    const { type } = offered.event;
    if (FOR_XSTATE.test(type)) throw new Uncompilable(null, `'${type}' is an event that XState has for itself.`);
    if (this.#events.length === MOST_EVENTS) {
      throw new Uncompilable(null, `there are more than ${MOST_EVENTS} different events.`);
    }
    this.#numbers.set(offered, this.#events.length);
    this.#offered.push(offered);
    const memo = new Memo(this.pool);
    if (this.#steps.push(memo) > this.roots.length) this.roots = grown(this.roots, 2 * this.roots.length);
    this.roots[this.#events.length] = memo.root;
    return this.#events.push(offered.event) - 1;
  }
}

/** So many events are numbered in two bytes. */
export const MOST_EVENTS = 2 ** 16;

const NONE: readonly number[] = [];

/** Events that XState treats otherwise than all others. */
const FOR_XSTATE = /^xstate\.(?:init|stop|error\.actor)/;

/** How closely to trace an event's steps after all. Throws what has nothing to do with that. */
function moreDetail(thrown: unknown, before: Detail = "functions"): Detail {
  if (thrown instanceof NeedsDetail) return "answers";
  if (!(thrown instanceof Mismatch)) throw thrown;
  if (before !== "slots") return "slots";
  throw new Uncompilable(
    null,
    "a guard or an action looked at something else of a state than it did of an equal one before.",
  );
}
