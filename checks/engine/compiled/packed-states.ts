import { grown } from "../grown.js";
import { type Budget, type Convert, createStore, repackStore, type Store, StoreError } from "../store/index.js";
import type { FunctionMemo } from "./functions.js";
import { kindOf, UNPREPARED } from "./kinds.js";
import { type CompiledMachine, MOST_EVENTS } from "./machine.js";
import { Packing } from "./packing.js";

/** Up to as many bits the store finds states without hashing, if it knows how many keys there can be. */
const FEW_BITS = 20;

/**
 * The states of a compiled machine, packed into a store. Where a value comes up that its field can't hold, the fields are
 * laid out anew and everything stored is packed again.
 */
export class PackedStates {
  store: Store;
  packing: Packing;
  /** Counts layouts: whoever holds packed states has to unpack them before it changes. */
  layout = 0;
  readonly #machine: CompiledMachine;
  readonly #budget: Budget | null;
  /** How many states there were when there was no memory to lay them out anew: the store is of no use since. */
  #lost: number | null = null;
  /** The initial state: what every slot holds until something else comes up for it. */
  #initial: Int32Array;
  #bits: number[];
  /** By outcome, word by word, what it keeps of a packed state, and what it sets. */
  patches = new Int32Array(0);
  /** What kind of outcome each is; `UNPREPARED` before `prepare`. */
  kinds = new Uint8Array(64);
  /** Of outcomes of the kind `ONE_PENDING`, the function. */
  readonly functions: (FunctionMemo | undefined)[] = [];

  /** @param budget what the store may allocate; `null` for whatever there is */
  constructor(machine: CompiledMachine, initial: Int32Array, budget: Budget | null) {
    this.#machine = machine;
    this.#budget = budget;
    this.#initial = initial.slice();
    this.#bits = bitsFor(machine, initial, [], 1);
    this.packing = new Packing(this.#bits, leastOf(machine, initial, this.#bits));
    this.store = createStore({
      ...this.#shape(this.packing),
      events: MOST_EVENTS,
      tuning: { chunk: CHUNK },
      ...(budget === null ? {} : { budget }),
    });
    this.patches = new Int32Array(64 * 2 * this.packing.words);
    const key = new Int32Array(this.packing.words);
    this.packing.pack(initial, key, 0);
    this.store.add(key, 0, -1, 0);
  }

  /** Bytes of the visited set. */
  get bytes(): number {
    return this.store.bytes;
  }

  /** How many states there are. */
  get size(): number {
    return this.#lost ?? this.store.size;
  }

  /** Whether there was no memory to lay the states out anew: they are lost, but how many there were is known. */
  get areLost(): boolean {
    return this.#lost !== null;
  }

  read(id: number, key: Int32Array, state: Int32Array): void {
    this.store.read(id, key, 0);
    this.packing.unpack(key, 0, state);
  }

  /** Makes sure that the outcome can be applied to packed states. False: the layout has changed. */
  prepare(outcome: number): boolean {
    if (outcome < this.kinds.length && this.kinds[outcome] !== UNPREPARED) return true;
    const { writes, event, pending } = this.#machine.outcomes.of(outcome);
    const { packing } = this;
    for (let at = 0; at < writes.length; at += 2) {
      if (packing.holds(writes[at] ?? 0, writes[at + 1] ?? 0)) continue;
      this.#relayout();
      return false;
    }
    if (outcome >= this.kinds.length) this.#grow(outcome);
    packing.patch(writes, this.patches, outcome * 2 * packing.words);
    this.kinds[outcome] = kindOf(event, pending.length);
    const [only] = pending;
    if (only !== undefined) this.functions[outcome] = this.#machine.pendingFunction(only);
    return true;
  }

  #shape({ words, bits }: Packing) {
    const isSmall = words === 1 && bits <= FEW_BITS;
    // Hashing takes more bytes a state, but none for states that are never reached.
    return isSmall && (this.#budget?.allows(8 * 2 ** bits) ?? true) ? { words, range: 2 ** bits } : { words };
  }

  #relayout(): void {
    const old = this.packing;
    const initial = new Int32Array(this.#machine.slots);
    initial.set(this.#initial);
    const bits = bitsFor(this.#machine, initial, this.#bits, this.store.size < FEW_STATES ? 1 : 2);
    const packing = new Packing(bits, leastOf(this.#machine, initial, bits));
    const state = new Int32Array(this.#machine.slots);
    old.begin(state);
    const { words, ...range } = this.#shape(packing);
    const convert = (from: Int32Array, fromAt: number, to: Int32Array, toAt: number): void => {
      old.unpack(from, fromAt, state);
      packing.pack(state, to, toAt);
    };
    this.store = this.#repacked(words, convert, range);
    this.#initial = initial;
    this.#bits = bits;
    this.packing = packing;
    this.layout += 1;
    this.kinds = new Uint8Array(64);
    this.patches = new Int32Array(64 * 2 * packing.words);
  }

  #repacked(words: number, convert: Convert, range: { readonly range?: number }): Store {
    const { store } = this;
    const { size } = store;
    const budget = this.#budget;
    const repack = (): Store => repackStore(store, words, convert, range);
    if (budget === null) return this.#orLost(size, repack);
    // Keys get longer, one chunk of them is there twice, and an index that was not hashed has to be.
    const needed =
      4 * (words - store.words) * size +
      4 * words * store.chunk +
      (store.words === 1 ? 11 * size : 0) +
      4 * (range.range ?? 0);
    if (!budget.allows(needed)) {
      throw new StoreError("no-memory", `Laying out ${size} states anew takes more than the limit allows.`);
    }
    return this.#orLost(size, () => budget.exempt(repack));
  }

  #orLost(size: number, repack: () => Store): Store {
    try {
      return repack();
    } catch (thrown) {
      this.#lost = size;
      throw thrown;
    }
  }

  #grow(outcome: number): void {
    const length = Math.max(2 * this.kinds.length, outcome + 1);
    this.kinds = grown(this.kinds, length);
    this.patches = grown(this.patches, length * 2 * this.packing.words);
  }
}

/** Packing as many states again takes no time to speak of. */
const FEW_STATES = 1000;

/** States in one array of the store: little enough not to weigh on small machines. */
const CHUNK = 2 ** 16;

/** How states are packed so that every value that came up so far has room. `before` is how wide fields were, if ever. */
export function packingFor(machine: CompiledMachine, initial: Int32Array, before: readonly number[]): Packing {
  const bits = bitsFor(machine, initial, before, before.length === 0 ? 1 : 2);
  return new Packing(bits, leastOf(machine, initial, bits));
}

/**
 * How many bits each slot needs for the values that came up so far. A slot that holds nothing but what it holds in the
 * initial state needs none; one that needs more than it had gets some to spare, unless that would take a word more. What
 * is left of the words goes to the slots of which nobody knows how many values they will hold.
 */
function bitsFor(machine: CompiledMachine, initial: Int32Array, before: readonly number[], spare: number): number[] {
  const roomy = neededBits(machine, initial, before, spare);
  const tight = neededBits(machine, initial, [], 0);
  const words = (bits: readonly number[]): number => new Packing(bits, initial).words;
  return widened(machine, words(tight) < words(roomy) ? tight : roomy, initial);
}

/** The same fields, those that may have to hold more values made wider as long as the words have room: the fullest first. */
function widened(machine: CompiledMachine, bits: readonly number[], initial: Int32Array): number[] {
  const { radices } = machine.interpreter.layout;
  const wide = [...bits];
  const growing = bits.flatMap((width, slot) => (width > 0 && (radices[slot] ?? 0) === 0 ? [slot] : []));
  const fullness = (slot: number): number => machine.radix(slot) / 2 ** (wide[slot] ?? 0);
  const { words, bits: used } = new Packing(bits, initial);
  // A small range is addressed directly, by an array as long as the range: it is made little larger at a time.
  let room = (words === 1 && used <= FEW_BITS ? Math.min(FEW_BITS, used + SPARE_BITS) : BITS_OF_A_WORD * words) - used;
  for (; room > 0 && growing.length > 0; room -= 1) {
    const fullest = growing.reduce((most, slot) => (fullness(slot) > fullness(most) ? slot : most));
    wide[fullest] = (wide[fullest] ?? 0) + 1;
    if (wide[fullest] < BITS_OF_A_WORD && new Packing(wide, initial).words === words) continue;
    wide[fullest] -= 1;
    growing.splice(growing.indexOf(fullest), 1);
  }
  return wide;
}

const BITS_OF_A_WORD = 32;
/** How many bits a range that is addressed directly gets to spare: few states are laid out anew in no time. */
const SPARE_BITS = 4;

function neededBits(machine: CompiledMachine, initial: Int32Array, before: readonly number[], spare: number): number[] {
  const { radices } = machine.interpreter.layout;
  return Array.from({ length: machine.slots }, (_, slot) => {
    const radix = machine.radix(slot);
    const isFixed = (radices[slot] ?? 0) > 0;
    if (isFixed) return bitsOf(radix - leastIn(machine, initial, slot));
    const had = before[slot] ?? 0;
    if (radix - 1 <= (initial[slot] ?? 0)) return 0;
    const needed = bitsOf(radix - leastIn(machine, initial, slot));
    return needed > had ? needed + spare : had;
  });
}

function bitsOf(values: number): number {
  return Math.ceil(Math.log2(values));
}

/** A node that is always active always has an active child, and a member that the context has it never loses. */
function leastIn({ interpreter }: CompiledMachine, initial: Int32Array, slot: number): number {
  const { always, slots } = interpreter.layout;
  return always.has(slot) || (slot >= slots && (initial[slot] ?? 0) > 0) ? 1 : 0;
}

/** What slots hold at the least: those without a field what they hold in the initial state. */
function leastOf(machine: CompiledMachine, initial: Int32Array, bits: readonly number[]): Int32Array {
  return initial.map((value, slot) => (bits[slot] === 0 ? value : leastIn(machine, initial, slot)));
}
