import { LiveEvents } from "../compiled/live-events.js";
import { findLeaf, UNKNOWN } from "../compiled/memo.js";
import { ACTIVE, STATUS_SLOT } from "../compiled/slots.js";
import { patch, SUCCESSOR, Successors } from "../compiled/successors.js";
import { grown } from "../grown.js";
import { MAX_DEADLOCK_PATHS } from "../result.js";
import type { Store } from "../store/index.js";
import { mix } from "../store/mix.js";
import { Aside } from "./aside.js";
import { Control } from "./control.js";
import { Mail } from "./mail.js";
import { askedOf, BROKEN, HOLDS, type Learned, OFFERING, type Order, type Round, type Setup } from "./messages.js";
import { codeOf, ownerOf } from "./owner.js";
import { Sent } from "./sent.js";
import { type KnownOutcome, Tables } from "./tables.js";
import { emptyShare, repacked } from "./visited.js";

/** Between two looks at what has come, and at whether to stop, so many states are expanded. */
const STATES_BETWEEN_LOOKS = 64;

// Constants of this module's own: see `memo.ts`.
const { NO_STEP, CHANGE } = SUCCESSOR;

/** A state of which not every event is known yet: how many are missing, and how many steps were taken so far. */
interface Open {
  missing: number;
  taken: number;
}

/** The states that belong to one worker: it alone stores, judges and expands them. */
export class Share {
  readonly #setup: Setup;
  readonly #control: Control;
  readonly #tables: Tables;
  readonly #aside = new Aside();
  readonly #open = new Map<number, Open>();
  readonly #live: LiveEvents | null;
  #store: Store | null = null;
  #mail: Mail | null = null;
  /** By outcome, how often it came up. */
  #hits = new Float64Array(0);
  #transitions = 0;
  /** The next state to expand, and where the level ends. */
  #cursor = 0;
  #end = 0;
  #asked: readonly boolean[] = [];
  #broken: number[] = [];
  #deadlocks = 0;
  #stuck: number[] = [];
  /** The state that is being expanded, unpacked and packed. */
  #state = new Int32Array(0);
  #key = new Int32Array(0);
  /** What its events lead to, as far as the tables know. */
  readonly #successors = new Successors();
  /** The state that a step leads to of which they don't. */
  #next = new Int32Array(0);
  /** A state that has just been packed, or has come packed, unpacked. */
  #unpacked = new Int32Array(0);
  #sent = new Sent(0);
  #events: Int32Array;
  /** By event, when it was collected last. */
  readonly #stamps: number[] = [];
  #stamp = 0;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#control = new Control(setup.control);
    this.#tables = new Tables(setup.nothing, setup.invariants);
    this.#live = setup.fixed === null ? null : new LiveEvents(this.#tables, setup.fixed);
    this.#events = new Int32Array(setup.fixed?.length ?? 0);
  }

  /** Takes over what was found before there were workers. */
  begin({ learned, records, expanded }: Extract<Order, { readonly kind: "begin" }>): void {
    this.#learn(learned);
    const { words } = this.#tables.packing;
    const store = this.#ownStore();
    for (let at = 0; at < records.length; at += words + 2) {
      store.add(records, at, records[at + words] ?? 0, records[at + words + 1] ?? 0);
    }
    this.#cursor = expanded;
    this.#end = expanded;
  }

  /** Expands what is to be expanded of the level, until that is done or too much is set aside. */
  round({ learned, replies, advance, asked }: Extract<Order, { readonly kind: "round" }>): Round {
    const entries = this.#aside.take();
    const { words } = this.#tables.packing;
    this.#learn(learned);
    this.#asked = asked;
    this.#broken = asked.map(() => -1);
    this.#deadlocks = 0;
    this.#stuck = [];
    if (advance) this.#end = this.#ownStore().size;
    this.#retry(entries, words, replies);
    this.#expandAll();
    this.#post().finish();
    this.#showProgress();
    const { size, bytes } = this.#ownStore();
    return {
      kind: "round",
      isDone: this.#cursor === this.#end && this.#aside.isEmpty,
      aside: this.#aside.entries(),
      states: size,
      transitions: this.#transitions,
      bytes,
      waiting: this.#end - this.#cursor,
      broken: this.#broken,
      deadlocks: this.#deadlocks,
      stuck: this.#stuck,
    };
  }

  /** The events that lead to a state, back to one that has no parent here; and the code of the parent of that; -1: none. */
  trace(id: number): { readonly events: readonly number[]; readonly parent: number } {
    const store = this.#ownStore();
    const { worker, workers } = this.#setup;
    const events: number[] = [];
    let own = id;
    for (;;) {
      const parent = store.parent(own);
      if (parent >= 0) events.push(store.event(own));
      if (parent < 0 || parent % workers !== worker) return { events: events.reverse(), parent };
      own = Math.floor(parent / workers);
    }
  }

  get hits(): Float64Array {
    return this.#hits;
  }

  #ownStore(): Store {
    if (this.#store === null) throw new Error("a worker was not told how states are packed");
    return this.#store;
  }

  #post(): Mail {
    if (this.#mail === null) throw new Error("a worker was not told where to send states");
    return this.#mail;
  }

  #learn(learned: Learned): void {
    const old = this.#tables.packing;
    if (this.#tables.learn(learned)) {
      const { packing } = this.#tables;
      const { workers } = this.#setup;
      this.#store = this.#store === null ? emptyShare(packing, workers) : repacked(this.#store, old, packing);
      this.#adopt();
    }
    if (learned.hasNewSteps) this.#live?.forgetAll();
    if (learned.rings !== null) {
      const { worker } = this.#setup;
      this.#mail = new Mail(learned.rings, worker, this.#control, (records, at) => this.#receive(records, at));
    }
    const outcomes = this.#tables.all.length;
    if (outcomes > this.#hits.length) this.#hits = grown(this.#hits, 2 * outcomes);
  }

  /** Makes room for states as they are packed now. */
  #adopt(): void {
    const { packing } = this.#tables;
    const slots = packing.widths.length;
    this.#state = new Int32Array(slots);
    this.#unpacked = new Int32Array(slots);
    packing.begin(this.#state);
    packing.begin(this.#unpacked);
    this.#key = new Int32Array(packing.words);
    this.#sent = new Sent(packing.words);
    this.#next = new Int32Array(packing.words);
  }

  /** Goes on with what was set aside. */
  #retry(entries: Int32Array, words: number, replies: Int32Array): void {
    let loaded = -1;
    for (let index = 0; index < replies.length; index += 1) {
      const at = index * (words + 2);
      const id = entries[at] as number;
      const asked = entries[at + 1] as number;
      const reply = replies[index] as number;
      if (asked < OFFERING) {
        if (reply === BROKEN) this.#broken[askedOf(asked)] = id;
        continue;
      }
      if (id !== loaded) this.#load(id);
      loaded = id;
      if (asked === OFFERING) this.#takeAll(id, this.#offered(this.#tables.offers[reply] ?? []));
      else this.#takeMissing(id, asked, reply);
    }
  }

  #takeMissing(id: number, event: number, outcome: number): void {
    const open = this.#open.get(id);
    if (open === undefined) throw new Error("a reply came to what was not asked");
    const before = this.#transitions;
    if (this.#step(id, event, outcome)) open.missing -= 1;
    else this.#aside.add(id, event, this.#key, 0, this.#key.length);
    if (outcome === this.#tables.outcomes.nothing) this.#live?.forget(event, this.#state);
    open.taken += this.#transitions - before;
    if (open.missing > 0) return;
    this.#open.delete(id);
    this.#settle(id, open.taken);
  }

  #expandAll(): void {
    while (this.#cursor < this.#end && !this.#aside.isFull && !this.#control.isStopped) {
      const pause = Math.min(this.#end, this.#cursor + STATES_BETWEEN_LOOKS);
      while (this.#cursor < pause) {
        this.#expand(this.#cursor);
        this.#cursor += 1;
      }
      this.#post().drain();
      this.#showProgress();
    }
  }

  #showProgress(): void {
    const { progress } = this.#control.memory;
    progress[2 * this.#setup.worker] = this.#ownStore().size;
    progress[2 * this.#setup.worker + 1] = this.#transitions;
  }

  #expand(id: number): void {
    this.#load(id);
    if (this.#live !== null) {
      this.#takeAll(id, this.#live.collect(this.#state, this.#events));
      return;
    }
    const count = this.#collect();
    if (count === UNKNOWN) this.#aside.add(id, OFFERING, this.#key, 0, this.#key.length);
    else this.#takeAll(id, count);
  }

  /** Collects the events that the loaded state offers, each once; `UNKNOWN` if that is not known of some part. */
  #collect(): number {
    const { pool, offering } = this.#tables;
    let count = 0;
    this.#stamp += 1;
    for (const { root, answers } of offering) {
      const leaf = findLeaf(pool, root, this.#state);
      const part = leaf < 0 ? undefined : answers[leaf];
      if (part === undefined) return UNKNOWN;
      for (const event of part) {
        if (this.#stamps[event] === this.#stamp) continue;
        this.#stamps[event] = this.#stamp;
        if (count === this.#events.length) this.#events = grown(this.#events, 2 * count + 16);
        this.#events[count] = event;
        count += 1;
      }
    }
    return count;
  }

  #offered(events: readonly number[]): number {
    if (events.length > this.#events.length) this.#events = new Int32Array(2 * events.length);
    this.#events.set(events);
    return events.length;
  }

  #load(id: number): void {
    this.#ownStore().read(id, this.#key, 0);
    this.#tables.packing.unpack(this.#key, 0, this.#state);
    this.#tables.sums.load(this.#state);
  }

  /** Takes each of the first so many of `#events`, in the state that is loaded. */
  #takeAll(id: number, count: number): void {
    const before = this.#transitions;
    const tables = this.#tables;
    const events = this.#events;
    const found = this.#successors;
    found.fit(count, this.#key.length);
    let missing = 0;
    for (let index = 0; index < count; index += 1) {
      const to = found.lookUp(tables, tables, this.#state, this.#key, events, index, count);
      this.#takeKnown(id, index, to);
      index = to;
      if (index === count) break;
      // The index is below how many there are, and every event has a tree.
      const event = events[index] as number;
      const outcome = findLeaf(tables.pool, tables.roots[event] as number, this.#state);
      if (outcome >= 0 && this.#step(id, event, outcome)) continue;
      this.#aside.add(id, event, this.#key, 0, this.#key.length);
      missing += 1;
    }
    const taken = this.#transitions - before;
    if (missing > 0) this.#open.set(id, { missing, taken });
    else this.#settle(id, taken);
  }

  /** All events of the loaded state have been looked at. */
  #settle(id: number, taken: number): void {
    if (taken > 0 || this.#state[STATUS_SLOT] !== ACTIVE) return;
    this.#deadlocks += 1;
    if (this.#stuck.length < MAX_DEADLOCK_PATHS) this.#stuck.push(id);
  }

  /** Takes the steps that were looked up, of the events in the places from `from` up to `to`. */
  #takeKnown(id: number, from: number, to: number): void {
    const { sums } = this.#tables;
    const { outcomes, lasts, changes, keys } = this.#successors;
    const events = this.#events;
    const hits = this.#hits;
    const words = this.#key.length;
    // Places in these arrays are below their lengths.
    for (let index = from; index < to; index += 1) {
      const outcome = outcomes[index] as number;
      hits[outcome] = (hits[outcome] as number) + 1;
      const change = changes[index] as number;
      if (change === NO_STEP) continue;
      this.#transitions += 1;
      if (change !== CHANGE) continue;
      const last = lasts[index] as number;
      const at = index * words;
      const sum = last < 0 || sums.areApart(outcome, last) ? sums.after(outcome, last) : this.#sumOf(keys, at);
      this.#deliver(keys, at, mix(sum), id, events[index] as number);
    }
  }

  /** Makes of the loaded state what an outcome says. False if that is not known. */
  #step(id: number, event: number, outcome: number): boolean {
    const known = this.#tables.all[outcome] as KnownOutcome;
    if (known.isEnabled) {
      if (!this.#apply(outcome, known)) return false;
      this.#transitions += 1;
      if (!isSame(this.#key, this.#next)) {
        this.#deliver(this.#next, 0, mix(this.#sumOf(this.#next, 0)), id, event);
      }
    }
    this.#hits[outcome] = (this.#hits[outcome] as number) + 1;
    return true;
  }

  /** Writes into `#next` what an outcome makes of the loaded state. False if what a function answers is not known. */
  #apply(outcome: number, known: KnownOutcome): boolean {
    const { pool, patches, packing } = this.#tables;
    const next = this.#next;
    patch(patches, packing.words, outcome, this.#key, 0, next, 0);
    for (const { number, outcomes } of known.pending) {
      const answer = findLeaf(pool, number, this.#state);
      const last = answer < 0 ? UNKNOWN : (outcomes[answer] ?? UNKNOWN);
      if (last === UNKNOWN) return false;
      patch(patches, packing.words, last, next, 0, next, 0);
    }
    return true;
  }

  #sumOf(packed: Int32Array, at: number): number {
    this.#tables.packing.unpack(packed, at, this.#unpacked);
    return this.#tables.sums.of(this.#unpacked);
  }

  /** Gives a state to its owner, which is known by the hash of its sum. */
  #deliver(packed: Int32Array, at: number, hash: number, from: number, event: number): void {
    const { worker, workers } = this.#setup;
    const owner = ownerOf(hash, workers);
    const code = codeOf(from, worker, workers);
    if (owner === worker) this.#reach(packed, at, code, event);
    else if (!this.#sent.has(packed, at, hash)) this.#post().post(owner, packed, at, code, event);
  }

  #receive(records: Int32Array, at: number): void {
    const words = this.#key.length;
    this.#reach(records, at, records[at + words] as number, records[at + words + 1] as number);
  }

  /** A step leads to a state of this worker's. */
  #reach(packed: Int32Array, at: number, parent: number, event: number): void {
    const store = this.#ownStore();
    if (this.#setup.room !== null && !this.#admits(store, packed, at)) return;
    const to = store.add(packed, at, parent, event);
    if (to >= 0 || this.#asked.length === 0) return;
    this.#tables.packing.unpack(packed, at, this.#unpacked);
    this.#judge(~to, this.#unpacked, packed, at);
  }

  /** Whether the state may be added; it is there already, or there is room for one more. If not, everybody stops. */
  #admits(store: Store, packed: Int32Array, at: number): boolean {
    const { room } = this.#setup;
    if (room === null || store.find(packed, at) >= 0) return true;
    if (Atomics.sub(room, 0, 1) > 0) return true;
    Atomics.add(room, 0, 1);
    this.#control.stop();
    // A step to a state that is not there does not count.
    this.#transitions -= 1;
    return false;
  }

  #judge(id: number, state: Int32Array, packed: Int32Array, at: number): void {
    const { pool, questions } = this.#tables;
    for (let number = 0; number < questions.length; number += 1) {
      if (this.#asked[number] !== true || this.#broken[number] !== -1) continue;
      const question = questions[number] as (typeof questions)[number];
      const leaf = findLeaf(pool, question.root, state);
      const answer = leaf < 0 ? UNKNOWN : (question.answers[leaf] ?? UNKNOWN);
      if (answer === BROKEN) this.#broken[number] = id;
      else if (answer !== HOLDS) this.#aside.add(id, askedOf(number), packed, at, this.#key.length);
    }
  }
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  for (let word = 0; word < left.length; word += 1) if (left[word] !== right[word]) return false;
  return true;
}
