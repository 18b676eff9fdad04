import type { FunctionMemo } from "../compiled/functions.js";
import type { CompiledMachine, Question } from "../compiled/machine.js";
import { packingFor } from "../compiled/packed-states.js";
import type { Packing } from "../compiled/packing.js";
import { BROKEN, HOLDS, type Learned, type SentFunction, type SentOutcome, WRONG } from "./messages.js";
import { type RingMemory, ringMemory } from "./ring.js";

/** Tells workers what a machine's tables have come to hold since they were told last. */
export class Publisher {
  packing: Packing;
  readonly #machine: CompiledMachine;
  readonly #initial: Int32Array;
  readonly #questions: readonly Question<unknown>[];
  readonly #workers: number;
  /** By number, how many of its answers were told. */
  readonly #functions = new Map<number, number>();
  /** How many were told of each. */
  #events = 0;
  #outcomes = 0;
  #offers = 0;
  readonly #answers: number[] = [];
  readonly #parts: number[] = [];
  /** Lists of events that replies refer to, and their numbers. */
  readonly #lists: (readonly number[])[] = [];
  readonly #numbers = new Map<readonly number[], number>();
  #isTold = false;

  /**
   * @param initial the initial state
   * @param questions the invariants
   */
  constructor(machine: CompiledMachine, initial: Int32Array, questions: readonly Question<unknown>[], workers: number) {
    this.#machine = machine;
    this.#initial = initial;
    this.#questions = questions;
    this.#workers = workers;
    this.packing = packingFor(machine, this.#sized(), []);
    machine.pool.share();
  }

  /** What is new. Nobody may be looking at the tables. */
  learned(hasNewSteps: boolean): Learned {
    const { pool, offering, epoch, begun } = this.#machine;
    const functions = this.#newFunctions();
    const outcomes = this.#newOutcomes();
    const before = this.packing.words;
    const isPackedAnew = this.#repack(outcomes);
    const needsRings = !this.#isTold || this.packing.words !== before;
    this.#isTold = true;
    return {
      cells: pool.cells,
      events: this.#newEvents(),
      functions,
      outcomes,
      offering: offering.map((part, number) => ({
        root: part.memo.root,
        answers: this.#newAnswers(part, this.#parts, number),
      })),
      offers: this.#newOffers(),
      questions: this.#questions.map((question, number) => ({
        root: question.memo.root,
        answers: this.#newAnswers(question, this.#answers, number).map(verdict),
      })),
      epoch,
      begun,
      hasNewSteps,
      packing: isPackedAnew ? { widths: this.packing.widths, least: this.packing.least } : null,
      rings: needsRings ? this.#rings() : null,
    };
  }

  /** What a worker is to call a list of events that are offered. */
  offer(events: readonly number[]): number {
    let number = this.#numbers.get(events);
    if (number === undefined) {
      number = this.#lists.push(events) - 1;
      this.#numbers.set(events, number);
    }
    return number;
  }

  #newEvents(): number[] {
    const { events, roots } = this.#machine;
    const from = this.#events;
    this.#events = events.length;
    return [...roots.subarray(from, events.length)];
  }

  #newFunctions(): SentFunction[] {
    const { pool, interpreter } = this.#machine;
    const sent: SentFunction[] = [];
    for (const root of pool.functions.keys()) {
      const told = this.#functions.get(root);
      const assign = interpreter.assigns.byNumber(root);
      const count = assign?.answers.length ?? 0;
      if (told !== undefined && count <= told) continue;
      this.#functions.set(root, count);
      sent.push({ root, outcomes: assign === undefined ? [] : this.#outcomesOf(assign, told ?? 0) });
    }
    return sent;
  }

  #outcomesOf({ answers, outcomes }: FunctionMemo, from: number): number[] {
    for (let answer = from; answer < answers.length; answer += 1) {
      const changes = answers[answer];
      outcomes[answer] ??= this.#machine.outcomes.answer(typeof changes === "object" ? changes : []);
    }
    return outcomes.slice(from);
  }

  #newOutcomes(): SentOutcome[] {
    const { outcomes } = this.#machine;
    const sent: SentOutcome[] = [];
    for (; this.#outcomes < outcomes.size; this.#outcomes += 1) {
      const { event, writes, pending } = outcomes.of(this.#outcomes);
      sent.push({ event, writes, pending });
    }
    return sent;
  }

  #newOffers(): (readonly number[])[] {
    const from = this.#offers;
    this.#offers = this.#lists.length;
    return this.#lists.slice(from);
  }

  /** The answers to a question since it was asked for them last. */
  #newAnswers<T>({ answers }: Question<T>, told: number[], number: number): T[] {
    const from = told[number] ?? 0;
    told[number] = answers.length;
    return answers.slice(from);
  }

  /** Sees to it that the packing has room for what outcomes write. Returns whether it is news to the workers. */
  #repack(outcomes: readonly SentOutcome[]): boolean {
    const { packing } = this;
    const hasRoom = ({ writes }: SentOutcome): boolean =>
      writes.every((slot, at) => at % 2 === 1 || packing.holds(slot, writes[at + 1] ?? 0));
    const isUpToDate = packing.widths.length === this.#machine.slots && outcomes.every(hasRoom);
    if (!isUpToDate) this.packing = packingFor(this.#machine, this.#sized(), packing.widths);
    return !(isUpToDate && this.#isTold);
  }

  /** The initial state with room for the slots that have come up since. */
  #sized(): Int32Array {
    const initial = new Int32Array(this.#machine.slots);
    initial.set(this.#initial);
    return initial;
  }

  #rings(): RingMemory[][] {
    const workers = Array.from({ length: this.#workers });
    return workers.map(() => workers.map(() => ringMemory(this.packing.words)));
  }
}

function verdict(answer: unknown): number {
  if (typeof answer !== "boolean") return WRONG;
  return answer ? HOLDS : BROKEN;
}
