import { grown } from "../grown.js";

/**
 * One evaluation over a state: what it asked of the state, in order, and what it wrote. A slot that was written is read
 * back from what was written, and then does not count as asked.
 *
 * Whatever is computed through a trace, and from nothing else, is the same for every state that answers the same to what
 * was asked.
 */
export class Trace {
  /**
   * What was asked, in order, each once: a slot by its number; a function of the user's, which has a memo of its own, by
   * `-1 - number`. And what the answer was: what the slot held, or the number of the function's answer.
   */
  readonly asked: number[] = [];
  readonly answers: number[] = [];
  /** The slots written, each once. */
  readonly writes: number[] = [];
  /** The functions, by number, whose answers are written over the state last, in order, whatever they are. */
  readonly pending: number[] = [];
  /** The number of each transition of the chart that was taken, as often as it was. */
  readonly taken: number[] = [];
  /** While a frame is open: the slots read since, each once, and what each held at that moment. */
  readonly frame: { readonly slots: number[]; readonly values: number[] } = { slots: [], values: [] };
  /**
   * Whether something of the context was written. What a function reads may depend on what it has read before, so it may
   * read in another state what this step writes though it does not here: from then on functions can't be asked as a whole.
   */
  hasWrittenContext = false;
  /** Whether reading is refused: to find out what is so in every state. */
  #isBlind = false;
  #detail: Detail = "functions";
  #base: Int32Array = new Int32Array(0);
  #written = new Int32Array(64);
  #seen = new Int32Array(64);
  #values = new Int32Array(64);
  #stamp = 0;
  #framed = new Int32Array(64);
  #frameStamp = 0;
  #isOpen = false;
  #watcher: Watcher | null = null;
  /** The context's slots begin here. */
  readonly #context: number;

  constructor(context: number) {
    this.#context = context;
  }

  begin(base: Int32Array, detail: Detail): void {
    for (const list of [this.asked, this.answers, this.writes, this.pending, this.taken]) list.length = 0;
    this.#isOpen = false;
    this.hasWrittenContext = false;
    this.#base = base;
    this.#detail = detail;
    this.#stamp += 1;
    this.#watcher = null;
    this.#isBlind = false;
  }

  /** Runs something that is the same in every state. Throws `NeedsState` if it looks at the state. */
  blindly<T>(run: () => T): T {
    this.begin(NO_STATE, "functions");
    this.#isBlind = true;
    try {
      return run();
    } finally {
      this.#isBlind = false;
    }
  }

  get detail(): Detail {
    return this.#detail;
  }

  /** Has the watcher told of every slot that is about to be written, with what it holds. That then counts as asked. */
  watch(watcher: Watcher | null): void {
    this.#watcher = watcher;
  }

  /** Until it is closed, what is read is noted in `frame`, and not yet as asked. */
  openFrame(): void {
    this.#isOpen = true;
    this.#frameStamp += 1;
    this.frame.slots.length = 0;
    this.frame.values.length = 0;
  }

  closeFrame(): void {
    this.#isOpen = false;
  }

  /** Notes that a function was asked as a whole, and what it answered. */
  ask(number: number, answer: number): void {
    this.asked.push(-1 - number);
    this.answers.push(answer);
  }

  /** Something is looked at that the state has no slot for, since it was never there. */
  look(): void {
    if (this.#isBlind) throw NEEDS_STATE;
  }

  read(slot: number): number {
    this.look();
    if (slot >= this.#seen.length) this.#grow(slot);
    if (this.pending.length > 0 && slot >= this.#context) throw new NeedsDetail();
    if (this.#isOpen) return this.#readInFrame(slot);
    if (this.#written[slot] === this.#stamp) return this.#values[slot] ?? 0;
    const value = this.#base[slot] ?? 0;
    if (this.#seen[slot] !== this.#stamp) {
      this.#seen[slot] = this.#stamp;
      this.asked.push(slot);
      this.answers.push(value);
    }
    return value;
  }

  #readInFrame(slot: number): number {
    const isOwn = this.#written[slot] === this.#stamp;
    const value = (isOwn ? this.#values[slot] : this.#base[slot]) ?? 0;
    if (this.#framed[slot] !== this.#frameStamp) {
      this.#framed[slot] = this.#frameStamp;
      this.frame.slots.push(slot);
      this.frame.values.push(value);
    }
    return value;
  }

  write(slot: number, value: number): void {
    this.#watcher?.(slot, this.read(slot));
    if (slot >= this.#seen.length) this.#grow(slot);
    if (this.#written[slot] !== this.#stamp) {
      this.#written[slot] = this.#stamp;
      this.writes.push(slot);
    }
    this.#values[slot] = value;
    if (slot >= this.#context) this.hasWrittenContext = true;
  }

  /** The function's answer is to be written last, whatever it is; from now on nobody may look at the context. */
  defer(number: number): void {
    this.pending.push(number);
  }

  /** What was written into a slot of `writes`. */
  written(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  #grow(slot: number): void {
    const length = Math.max(2 * this.#seen.length, slot + 1);
    this.#written = grown(this.#written, length);
    this.#seen = grown(this.#seen, length);
    this.#values = grown(this.#values, length);
    this.#framed = grown(this.#framed, length);
  }
}

/**
 * How closely an evaluation is traced. `functions`: a guard counts as asked as a whole, and what assigns set is written
 * last. `answers`: an assign counts as asked too, so that what it set can be looked at in the same step. `slots`: nothing
 * counts but slots. The first is the shortest; the last is always possible.
 */
export type Detail = "functions" | "answers" | "slots";

const NO_STATE = new Int32Array(0);

/** Thrown where something looks at the state that was to do without. */
export class NeedsState extends Error {
  override readonly name = "NeedsState";
}

/** One for all: it is thrown for most guards and events, is always caught, and a stack takes long to write down. */
const NEEDS_STATE = new NeedsState();

/** Thrown where an evaluation can't be traced at this detail. */
export class NeedsDetail extends Error {
  override readonly name = "NeedsDetail";
}

type Watcher = (slot: number, value: number) => void;
