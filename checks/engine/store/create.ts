import { DirectStore } from "./direct.js";
import { StoreError } from "./errors.js";
import { ManyWordStore } from "./many-words.js";
import { OneWordStore } from "./one-word.js";
import { type Layout, MOST_STATES, Records } from "./records.js";
import type { Store, StoreOptions, Tuning } from "./store.js";
import { TwoWordStore } from "./two-words.js";

/** A store of which this folder sees the inside. */
export type IndexedStore = Store & Records;

/** Most words of a key. */
const MOST_WORDS = 64;
/** Events that two bytes can number. */
const NARROW_EVENTS = 2 ** 16;
/** Larger ranges are hashed: a table of 4 bytes a value would take 16 MiB, whatever is reached. */
const DIRECT_RANGE = 2 ** 22;
/** Long enough that few arrays are in use, so that they stay in the processor's cache; short enough to be filled. */
const CHUNK = 2 ** 18;

/** An empty store. Throws a StoreError `bad-option` if the options make no sense. */
export function createStore(options: StoreOptions): Store {
  const { words, events, range, shared = false, budget = null, tuning = {} } = options;
  whole("events", events, 0, 2 ** 32);
  const layout = { words, wide: events > NARROW_EVENTS, shared, chunk: tuning.chunk ?? CHUNK, budget };
  return build(layout, range, tuning);
}

/** The inside of a store. */
export function inside(store: Store): IndexedStore {
  if (store instanceof Records) return store;
  throw new StoreError("bad-option", "This is no store that createStore made.");
}

/** A store with records of that layout; throws a StoreError `bad-option` if one can't be. */
export function build(shape: Omit<Layout, "most">, range: number | undefined, tuning: Tuning): IndexedStore {
  const layout = { ...shape, most: tuning.most ?? MOST_STATES };
  whole("words", layout.words, 1, MOST_WORDS);
  checkTuning({ ...tuning, chunk: layout.chunk });
  if (range !== undefined) {
    whole("range", range, 1, 2 ** 32);
    if (layout.words !== 1)
      throw new StoreError("bad-option", `range is for keys of one word, not of ${layout.words}.`);
    if (range <= (tuning.direct ?? DIRECT_RANGE)) return new DirectStore(layout, range);
  }
  if (layout.words === 1) return new OneWordStore(layout, tuning);
  return layout.words === 2 ? new TwoWordStore(layout, tuning) : new ManyWordStore(layout, tuning);
}

function checkTuning(tuning: Tuning): void {
  const { chunk = CHUNK, slots = 4, idBits = 24, direct = 0, most = MOST_STATES } = tuning;
  whole("tuning.chunk", chunk, 1, 2 ** 24);
  whole("tuning.slots", slots, 4, 2 ** 24);
  for (const [name, value] of Object.entries({ chunk, slots })) {
    if (!Number.isInteger(Math.log2(value))) {
      throw new StoreError("bad-option", `tuning.${name} must be a power of two, not ${value}.`);
    }
  }
  whole("tuning.idBits", idBits, 1, 31);
  whole("tuning.most", most, 1, MOST_STATES);
  whole("tuning.direct", direct, 0, 2 ** 28);
}

function whole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new StoreError("bad-option", `${name} must be a whole number from ${least} to ${most}, not ${value}.`);
}
