import type { EventObject } from "xstate";
import { EngineError } from "../errors.js";
import type { ContextSlots } from "./context.js";
import { type Held, Memo, type MemoPool, UNKNOWN } from "./memo.js";
import type { Trace } from "./trace.js";

/** What a guard or an assign answers: whether it holds, or which slots it sets to what. */
type Answer = boolean | readonly number[];

/** An answer and its entry in the table, and more for each character of its key. */
const BYTES_OF_AN_ANSWER = 100;
const BYTES_BY_KEY = 4;

/** A function of the user's together with an event: what it answers, by what it reads. */
export class FunctionMemo<T extends Answer = Answer> {
  /** What it is known by in the pool: its memo's root. */
  readonly number: number;
  readonly memo: Memo;
  /** Each answer once; a leaf of the memo is a place among these. */
  readonly answers: T[] = [];
  /** By answer, the outcome that stands for what it sets; for assigns, as far as somebody asked for it. */
  readonly outcomes: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #pool: MemoPool;

  constructor(pool: MemoPool) {
    this.#pool = pool;
    this.memo = new Memo(pool);
    this.number = this.memo.root;
    pool.functions.set(this.number, this.memo);
  }

  /** The number of an answer. */
  numberOf(answer: T): number {
    const key = typeof answer === "boolean" ? String(answer) : answer.join();
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.answers.push(answer) - 1;
      this.#numbers.set(key, number);
      this.#pool.answerBytes += BYTES_OF_AN_ANSWER + BYTES_BY_KEY * key.length;
    }
    return number;
  }
}

/**
 * The user's guards, or the user's assigns, each evaluated once for each event and each combination of what it reads of
 * the state; in fact twice in a row, to see that it answers the same.
 */
export class FunctionMemos<T extends Answer> {
  readonly #trace: Trace;
  readonly #pool: MemoPool;
  readonly #context: ContextSlots;
  /** By guard or action as it stands in the chart, then by event. */
  readonly #memos = new Map<unknown, Map<EventObject, FunctionMemo<T>>>();
  readonly #byNumber = new Map<number, FunctionMemo<T>>();
  /** The context's epoch: when it changes, nothing of what was learned holds. */
  #epoch = 0;

  constructor(trace: Trace, pool: MemoPool, context: ContextSlots) {
    this.#trace = trace;
    this.#pool = pool;
    this.#context = context;
  }

  /**
   * Asks the function. What it reads is in the trace's frame afterwards, and nothing is noted as asked yet.
   *
   * @param name what an error calls it, such as `Guard 'isFull'`
   * @throws EngineError `impure` if it does not answer the same when asked again
   */
  ask(key: unknown, event: EventObject, name: string, compute: () => T): Asked<T> {
    if (this.#epoch !== this.#context.epoch) this.#forget();
    const own = this.#memo(key, event);
    this.#trace.openFrame();
    const known = own.memo.findIn(this.#trace);
    this.#trace.closeFrame();
    // Leaves are places in the list of answers.
    if (known !== UNKNOWN) return { function: own, number: known, answer: own.answers[known] as T };
    const first = this.#framed(compute);
    const held: Held = (index) => first.values[index] ?? 0;
    this.#context.assertUnchanged(first.slots, held);
    const second = this.#framed(compute);
    // It has itself made a member of the context that was not there before: it is asked once more.
    if (this.#epoch !== this.#context.epoch) return this.ask(key, event, name, compute);
    if (!isSame(first.answer, second.answer) || !isSameList(first.slots, second.slots)) throw impure(name, event);
    const number = own.numberOf(first.answer);
    own.memo.add(first.slots, held, number);
    return { function: own, number, answer: first.answer };
  }

  byNumber(number: number): FunctionMemo<T> | undefined {
    return this.#byNumber.get(number);
  }

  #forget(): void {
    this.#memos.clear();
    this.#byNumber.clear();
    this.#epoch = this.#context.epoch;
  }

  #framed(compute: () => T) {
    this.#trace.openFrame();
    try {
      const answer = compute();
      const { slots, values } = this.#trace.frame;
      return { answer, slots: [...slots], values: [...values] };
    } finally {
      this.#trace.closeFrame();
    }
  }

  #memo(key: unknown, event: EventObject): FunctionMemo<T> {
    let byEvent = this.#memos.get(key);
    if (byEvent === undefined) {
      byEvent = new Map();
      this.#memos.set(key, byEvent);
    }
    let memo = byEvent.get(event);
    if (memo === undefined) {
      memo = new FunctionMemo(this.#pool);
      byEvent.set(event, memo);
      this.#byNumber.set(memo.number, memo);
    }
    return memo;
  }
}

export interface Asked<T extends Answer> {
  readonly function: FunctionMemo<T>;
  /** Of the answer, among those of the function. */
  readonly number: number;
  readonly answer: T;
}

/** Whether the function has answered without looking at the state. */
export function isConstant({ frame }: Trace): boolean {
  return frame.slots.length === 0;
}

/** Notes that a function was asked: as a whole if nothing was written that it might read in another state, else what it read. */
export function note<T extends Answer>(trace: Trace, { function: { number }, number: answer }: Asked<T>): void {
  if (isConstant(trace)) return;
  if (trace.detail !== "slots" && !trace.hasWrittenContext) trace.ask(number, answer);
  else for (const slot of [...trace.frame.slots]) trace.read(slot);
}

function isSame(left: Answer, right: Answer): boolean {
  return typeof left === "boolean" || typeof right === "boolean" ? left === right : isSameList(left, right);
}

function isSameList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function impure(name: string, event: EventObject): EngineError {
  return new EngineError(
    "impure",
    `${name} does not answer the same when asked again about the same state and event.`,
    {
      event,
      at: name,
      hint: "Guards and assigns must depend on the context and the event alone: not on the time, on chance, or on what was asked before.",
    },
  );
}
