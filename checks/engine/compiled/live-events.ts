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
  /** By slot, for each value so many words of bits; 0 bits where nothing was looked up yet. */
  #slots: Slot[] = [];
  /** Events of which nothing is known, or that read nothing. */
  readonly #always: Int32Array;
  readonly #live: Int32Array;
  /** How much was known, when the events were grouped, of what they read first. */
  #begun = -1;
  #epoch = -1;

  /** @param events numbers of events, in the order in which they are taken */
  constructor(machine: KnownSteps, events: readonly number[]) {
    this.#machine = machine;
    this.#events = Int32Array.from(events);
    this.#words = Math.ceil(events.length / 32);
    this.#always = new Int32Array(this.#words);
    this.#live = new Int32Array(this.#words);
  }

  /** Writes the events to look at into `into`, in order, and returns how many they are. */
  collect(state: Int32Array, into: Int32Array): number {
    const { epoch, begun } = this.#machine;
    if (this.#begun !== begun || this.#epoch !== epoch) this.#group(epoch, begun);
    const words = this.#words;
    const live = this.#live;
    for (let word = 0; word < words; word += 1) live[word] = this.#always[word] as number;
    const slots = this.#slots;
    for (let index = 0; index < slots.length; index += 1) {
      // The index is below the length, as are words and values below those of their arrays.
      const slot = slots[index] as Slot;
      const value = state[slot.number] as number;
      if (value >= slot.known.length || slot.known[value] === 0) this.#lookUp(slot, value);
      const { bits } = slot;
      const at = value * words;
      for (let word = 0; word < words; word += 1) live[word] = (live[word] as number) | (bits[at + word] as number);
    }
    return this.#list(into);
  }

  /** An event in a state has turned out otherwise than was known: what was concluded from its slot is looked up again. */
  forget(event: number, state: Int32Array): void {
    const slot = this.#machine.steps[event]?.firstSlot ?? -1;
    const found = this.#slots.find(({ number }) => number === slot);
    const value = state[slot] ?? 0;
    if (found !== undefined && value < found.known.length) found.known[value] = 0;
  }

  /** More may be known of any event: everything is looked up again. */
  forgetAll(): void {
    this.#begun = -1;
  }

  #list(into: Int32Array): number {
    let count = 0;
    for (let word = 0; word < this.#words; word += 1) {
      let bits = this.#live[word] as number;
      while (bits !== 0) {
        const lowest = bits & -bits;
        into[count] = this.#events[word * 32 + 31 - Math.clz32(lowest)] as number;
        count += 1;
        bits ^= lowest;
      }
    }
    return count;
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
    this.#slots = [...masks].map(([number, mask]) => ({
      number,
      mask,
      known: new Uint8Array(0),
      bits: new Int32Array(0),
    }));
  }

  #lookUp(slot: Slot, value: number): void {
    if (value >= slot.known.length) grow(slot, value, this.#words);
    slot.known[value] = 1;
    const { nothing } = this.#machine.outcomes;
    const at = value * this.#words;
    for (let word = 0; word < this.#words; word += 1) slot.bits[at + word] = slot.mask[word] ?? 0;
    this.#events.forEach((event, index) => {
      const word = index >>> 5;
      const bit = 1 << (index & 31);
      if (((slot.mask[word] ?? 0) & bit) === 0) return;
      if (this.#machine.steps[event]?.leafAt(value) !== nothing) return;
      slot.bits[at + word] = (slot.bits[at + word] ?? 0) & ~bit;
    });
  }
}

interface Slot {
  readonly number: number;
  /** The events that read it first. */
  readonly mask: Int32Array;
  /** By value, whether its bits were looked up. */
  known: Uint8Array;
  bits: Int32Array;
}

function grow(slot: Slot, value: number, words: number): void {
  const length = Math.max(2 * slot.known.length, value + 1);
  const known = new Uint8Array(length);
  const bits = new Int32Array(length * words);
  known.set(slot.known);
  bits.set(slot.bits);
  slot.known = known;
  slot.bits = bits;
}
