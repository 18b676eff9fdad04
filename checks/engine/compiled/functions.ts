import type { EventObject } from "xstate";
import { EngineError } from "../errors.js";
import type { ContextSlots } from "./context.js";
import { type Held, Memo, type MemoPool, UNKNOWN } from "./memo.js";
import type { Trace } from "./trace.js";

/** What a guard or an assign answers: whether it holds, or which slots it sets to what. */
type Answer = boolean | readonly number[];

/**
 * The user's guards, or the user's assigns, each evaluated once for each event and each combination of what it reads of the state;
 * in fact twice in a row, to see that it answers the same.
 */
export class FunctionMemos<T extends Answer> {
  readonly #trace: Trace;
  readonly #pool: MemoPool;
  /** Throws if what a function read is not what it was: it was changed in place. */
  readonly #assertUnchanged: (slots: readonly number[], held: Held) => void;
  /** By guard or action as it stands in the chart, then by event. */
  readonly #memos = new Map<unknown, Map<EventObject, Memo>>();
  readonly #answers: T[] = [];

  #epoch = 0;
  /** The context's epoch: when it changes, nothing of what was learned holds. */
  readonly #now: () => number;

  constructor(trace: Trace, pool: MemoPool, context: ContextSlots) {
    this.#assertUnchanged = (slots, held) => context.assertUnchanged(slots, held);
    this.#now = () => context.epoch;
    this.#trace = trace;
    this.#pool = pool;
  }

  /**
   * @param name what an error calls it, such as `Guard 'isFull'`
   * @throws EngineError `impure` if it does not answer the same when asked again
   */
  call(key: unknown, event: EventObject, name: string, compute: () => T): T {
    if (this.#epoch !== this.#now()) this.#forget();
    const memo = this.#memo(key, event);
    const known = memo.findIn(this.#trace);
    // Leaves are places in the list of answers.
    if (known !== UNKNOWN) return this.#answers[known] as T;
    const first = this.#framed(compute);
    const held: Held = (_, index) => first.values[index] ?? 0;
    this.#assertUnchanged(first.slots, held);
    const second = this.#framed(compute);
    // It has itself made a member of the context that was not there before: it is asked once more.
    if (this.#epoch !== this.#now()) return this.call(key, event, name, compute);
    if (!isSame(first.answer, second.answer) || !isSameList(first.slots, second.slots)) throw impure(name, event);
    memo.add(first.slots, held, this.#answers.push(first.answer) - 1);
    return first.answer;
  }

  #forget(): void {
    this.#memos.clear();
    this.#epoch = this.#now();
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

  #memo(key: unknown, event: EventObject): Memo {
    let byEvent = this.#memos.get(key);
    if (byEvent === undefined) {
      byEvent = new Map();
      this.#memos.set(key, byEvent);
    }
    let memo = byEvent.get(event);
    if (memo === undefined) {
      memo = new Memo(this.#pool);
      byEvent.set(event, memo);
    }
    return memo;
  }
}

function isSame(left: Answer, right: Answer): boolean {
  return typeof left === "boolean" || typeof right === "boolean" ? left === right : isSameList(left, right);
}

function isSameList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function impure(name: string, event: EventObject): EngineError {
  return new EngineError("impure", `${name} does not answer the same when asked again about the same state and event.`, {
    event,
    at: name,
    hint: "Guards and assigns must depend on the context and the event alone: not on the time, on chance, or on what was asked before.",
  });
}
