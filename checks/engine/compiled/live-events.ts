/** What is known of events. */
export interface KnownSteps {
  readonly epoch: number;
  readonly begun: number;
  /** By event, what the first slot that is read says of it (`Memo`). */
  readonly steps: readonly { readonly firstSlot: number; leafAt(value: number): number }[];
  /** `nothing` is the outcome of an event that nobody handles. */
  readonly outcomes: { readonly nothing: number };
}

/**
 * Which events of a list have to be looked at in a state: all but those of which the first slot that they read says
 * already that they do nothing there. Kept as bits, by slot and value, and learned as states are met.
 */
export class LiveEvents {
  readonly #machine: KnownSteps;
  readonly #events: Int32Array;
  readonly #words: number;
  /** The slots that events read first, and by each of them the events that do. */
  #slots: Slot[] = [];
  /** By slot its number, for how many values there is room, and where in `#bits` these begin. */
  #heads = new Int32Array(0);
  /** By value, whether its bits were looked up (1), then these: the events that read the slot first and are live. */
  #bits = new Int32Array(0);
  #used = 0;
  /** Events of which nothing is known, or that read nothing. */
  readonly #always: Int32Array;
  /** How much was known, when the events were grouped, of what they read first. */
  #begun = -1;
  #epoch = -1;

  /** @param events numbers of events, in the order in which they are taken */
  constructor(machine: KnownSteps, events: readonly number[]) {
    this.#machine = machine;
    this.#events = Int32Array.from(events);
    this.#words = Math.ceil(events.length / 32);
    this.#always = new Int32Array(this.#words);
  }

  /** Writes the events to look at into `into`, in order, and returns how many they are. */
  collect(state: Int32Array, into: Int32Array): number {
    const { epoch, begun } = this.#machine;
    if (this.#begun !== begun || this.#epoch !== epoch) this.#group(epoch, begun);
    let count = 0;
    for (let word = 0; word < this.#words; word += 2) {
      let listed = this.#list(word, state, into, count);
      if (listed < 0) {
        this.#lookUpAll(state);
        listed = this.#list(word, state, into, count);
      }
      count = listed;
    }
    return count;
  }

  /** Sees to it that there are bits for what the slots hold. */
  #lookUpAll(state: Int32Array): void {
    for (let head = 0; head < this.#heads.length; head += HEAD) {
      const value = state[this.#heads[head] ?? 0] ?? 0;
      if (value >= (this.#heads[head + 1] ?? 0) || this.#bits[this.#place(head, value)] === 0)
        this.#lookUp(head, value);
    }
  }

  /**
   * Lists the live events of two words of bits; of one, if it is the last. Calls nothing, so that it is compiled well.
   * @returns how many events are listed, those before included; -1 if there are no bits yet for what a slot holds
   */
  #list(word: number, state: Int32Array, into: Int32Array, before: number): number {
    const heads = this.#heads;
    const bits = this.#bits;
    const events = this.#events;
    const size = this.#words + 1;
    const isLast = word + 1 === this.#words;
    let low = this.#always[word] as number;
    let high = isLast ? 0 : (this.#always[word + 1] as number);
    // Places in these arrays are below their lengths.
    for (let head = 0; head < heads.length; head += HEAD) {
      const value = state[heads[head] as number] as number;
      const at = (heads[head + 2] as number) + value * size;
      if (value >= (heads[head + 1] as number) || bits[at] === 0) return -1;
      low |= bits[at + 1 + word] as number;
      if (!isLast) high |= bits[at + 2 + word] as number;
    }
    let count = before;
    for (; low !== 0; low &= low - 1) {
      into[count] = events[32 * word + 31 - Math.clz32(low & -low)] as number;
      count += 1;
    }
    for (; high !== 0; high &= high - 1) {
      into[count] = events[32 * word + 63 - Math.clz32(high & -high)] as number;
      count += 1;
    }
    return count;
  }

  /** An event in a state has turned out otherwise than was known: what was concluded from its slot is looked up again. */
  forget(event: number, state: Int32Array): void {
    const slot = this.#machine.steps[event]?.firstSlot ?? -1;
    const head = HEAD * this.#slots.findIndex(({ number }) => number === slot);
    const value = state[slot] ?? 0;
    if (head >= 0 && value < (this.#heads[head + 1] ?? 0)) this.#bits[this.#place(head, value)] = 0;
  }

  /** More may be known of any event: everything is looked up again. */
  forgetAll(): void {
    this.#begun = -1;
  }

  /** Groups the events by the slot that they read first. */
  #group(epoch: number, begun: number): void {
    this.#epoch = epoch;
    this.#begun = begun;
    this.#always.fill(0);
    const masks = new Map<number, Int32Array>();
    this.#events.forEach((event, index) => {
      const slot = this.#machine.steps[event]?.firstSlot ?? -1;
      const mask = slot < 0 ? this.#always : (masks.get(slot) ?? new Int32Array(this.#words));
      if (slot >= 0) masks.set(slot, mask);
      mask[index >>> 5] = (mask[index >>> 5] ?? 0) | (1 << (index & 31));
    });
    this.#slots = [...masks].map(([number, mask]) => ({ number, mask }));
    this.#heads = Int32Array.from(this.#slots.flatMap(({ number }) => [number, 0, 0]));
    this.#used = 0;
  }

  #lookUp(head: number, value: number): void {
    if (value >= (this.#heads[head + 1] ?? 0)) this.#grow(head, value);
    const slot = this.#slots[head / HEAD];
    if (slot === undefined) return;
    const { nothing } = this.#machine.outcomes;
    const at = this.#place(head, value);
    this.#bits.set([1, ...slot.mask], at);
    this.#events.forEach((event, index) => {
      const bit = 1 << (index & 31);
      if (((slot.mask[index >>> 5] ?? 0) & bit) === 0) return;
      if (this.#machine.steps[event]?.leafAt(value) !== nothing) return;
      const place = at + 1 + (index >>> 5);
      this.#bits[place] = (this.#bits[place] ?? 0) & ~bit;
    });
  }

  /** Where the bits of a slot's value begin. */
  #place(head: number, value: number): number {
    return (this.#heads[head + 2] ?? 0) + value * (this.#words + 1);
  }

  /** Moves the bits of a slot to where there is room for a value. */
  #grow(head: number, value: number): void {
    const size = this.#words + 1;
    const had = this.#heads[head + 1] ?? 0;
    const room = Math.max(2 * had, value + 1);
    const from = this.#place(head, 0);
    const to = this.#used;
    this.#used += room * size;
    if (this.#used > this.#bits.length) {
      const larger = new Int32Array(2 * this.#used);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits.copyWithin(to, from, from + had * size);
    this.#bits.fill(0, to + had * size, to + room * size);
    this.#heads[head + 1] = room;
    this.#heads[head + 2] = to;
  }
}

/** Entries of one slot in `#heads`. */
const HEAD = 3;

interface Slot {
  readonly number: number;
  /** The events that read it first. */
  readonly mask: Int32Array;
}
