import { LiveEvents } from "../compiled/live-events.js";
import { findLeaf, UNKNOWN } from "../compiled/memo.js";
import { ACTIVE, STATUS_SLOT } from "../compiled/slots.js";
import { MAX_DEADLOCK_PATHS } from "../result.js";
import type { Store } from "../store/index.js";
import { mix } from "../store/mix.js";
import { Aside } from "./aside.js";
import { Control } from "./control.js";
import { Mail } from "./mail.js";
import { askedOf, BROKEN, HOLDS, type Learned, OFFERING, type Order, type Round, type Setup } from "./messages.js";
import { codeOf, factorOf, ownerOf, sumOf } from "./owner.js";
import { Sent } from "./sent.js";
import { type KnownOutcome, Tables } from "./tables.js";
import { emptyShare, repacked } from "./visited.js";

/** Between two looks at what has come, and at whether to stop, so many states are expanded. */
const STATES_BETWEEN_LOOKS = 64;

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
  /** The state that is being expanded, unpacked and packed, and its sum (`owner.ts`). */
  #state = new Int32Array(0);
  #key = new Int32Array(0);
  #sum = 0;
  /** The state that a step leads to, packed and unpacked; the latter is the former state between steps. */
  #next = new Int32Array(0);
  #nextState = new Int32Array(0);
  /** A state that has come from another worker. */
  #received = new Int32Array(0);
  #factors = new Int32Array(0);
  #sent = new Sent(0);
  #events: Int32Array;
  /** By event, when it was collected last. */
  readonly #stamps: number[] = [];
  #stamp = 0;
  /** Slots in which `#nextState` differs from `#state`; the first so many count. */
  readonly #touched: number[] = [];
  #touchedCount = 0;

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
    if (this.#tables.all.length > this.#hits.length) {
      const hits = new Float64Array(2 * this.#tables.all.length);
      hits.set(this.#hits);
      this.#hits = hits;
    }
  }

  /** Makes room for states as they are packed now. */
  #adopt(): void {
    const { packing } = this.#tables;
    const slots = packing.widths.length;
    this.#state = new Int32Array(slots);
    this.#nextState = new Int32Array(slots);
    this.#received = new Int32Array(slots);
    packing.begin(this.#state);
    packing.begin(this.#received);
    this.#key = new Int32Array(packing.words);
    this.#sent = new Sent(packing.words);
    this.#next = new Int32Array(packing.words);
    this.#factors = Int32Array.from({ length: slots }, (_, slot) => factorOf(slot));
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
        if (count === this.#events.length) this.#events = larger(this.#events);
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
    this.#nextState.set(this.#state);
    this.#sum = sumOf(this.#state, this.#factors);
  }

  /** Takes each of the first so many of `#events`, in the state that is loaded. */
  #takeAll(id: number, count: number): void {
    const before = this.#transitions;
    const { pool, roots } = this.#tables;
    let missing = 0;
    for (let index = 0; index < count; index += 1) {
      // The index is below how many there are, and every event has a tree.
      const event = this.#events[index] as number;
      const outcome = findLeaf(pool, roots[event] as number, this.#state);
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

  /** Makes of the loaded state what an outcome says. False if that is not known. */
  #step(id: number, event: number, outcome: number): boolean {
    const known = this.#tables.all[outcome] as KnownOutcome;
    if (known.isEnabled) {
      const isKnown = this.#take(id, event, outcome, known);
      this.#undo();
      if (!isKnown) return false;
    }
    this.#hits[outcome] = (this.#hits[outcome] as number) + 1;
    return true;
  }

  #take(id: number, event: number, outcome: number, known: KnownOutcome): boolean {
    const { pool, all } = this.#tables;
    let sum = this.#apply(outcome, known.writes, this.#key, this.#sum);
    for (const { root, outcomes } of known.pending) {
      const answer = findLeaf(pool, root, this.#state);
      const last = answer < 0 ? UNKNOWN : (outcomes[answer] ?? UNKNOWN);
      if (last === UNKNOWN) return false;
      sum = this.#apply(last, (all[last] as KnownOutcome).writes, this.#next, sum);
    }
    this.#transitions += 1;
    if (isSame(this.#key, this.#next)) return true;
    const { worker, workers } = this.#setup;
    const hash = mix(sum);
    const owner = ownerOf(hash, workers);
    const code = codeOf(id, worker, workers);
    if (owner === worker) this.#reach(this.#next, 0, code, event, this.#nextState);
    else if (!this.#sent.has(this.#next, hash)) this.#post().post(owner, this.#next, code, event);
    return true;
  }

  /** Writes an outcome over the packed state `from` and over `#nextState`. Returns the sum of what that makes. */
  #apply(outcome: number, writes: Int32Array, from: Int32Array, before: number): number {
    const { patches } = this.#tables;
    const words = this.#next.length;
    let at = outcome * 2 * words;
    for (let word = 0; word < words; word += 1) {
      this.#next[word] = ((from[word] as number) & (patches[at] as number)) | (patches[at + 1] as number);
      at += 2;
    }
    let sum = before;
    const nextState = this.#nextState;
    for (let index = 0; index < writes.length; index += 2) {
      const slot = writes[index] as number;
      const value = writes[index + 1] as number;
      sum = (sum + Math.imul(value - (nextState[slot] as number), this.#factors[slot] as number)) | 0;
      nextState[slot] = value;
      this.#touched[this.#touchedCount] = slot;
      this.#touchedCount += 1;
    }
    return sum;
  }

  #undo(): void {
    for (let index = 0; index < this.#touchedCount; index += 1) {
      const slot = this.#touched[index] as number;
      this.#nextState[slot] = this.#state[slot] as number;
    }
    this.#touchedCount = 0;
  }

  #receive(records: Int32Array, at: number): void {
    const words = this.#key.length;
    this.#reach(records, at, records[at + words] as number, records[at + words + 1] as number, null);
  }

  /** A step leads to a state of this worker's. `state` is the same, unpacked; `null` if nobody has unpacked it yet. */
  #reach(packed: Int32Array, at: number, parent: number, event: number, state: Int32Array | null): void {
    const store = this.#ownStore();
    if (this.#setup.room !== null && !this.#admits(store, packed, at)) return;
    const to = store.add(packed, at, parent, event);
    if (to >= 0 || this.#asked.length === 0) return;
    if (state === null) this.#tables.packing.unpack(packed, at, this.#received);
    this.#judge(~to, state ?? this.#received, packed, at);
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

function larger(old: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(2 * old.length + 16);
  made.set(old);
  return made;
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  for (let word = 0; word < left.length; word += 1) if (left[word] !== right[word]) return false;
  return true;
}
