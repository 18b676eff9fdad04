import { kindOf } from "../compiled/kinds.js";
import type { KnownSteps } from "../compiled/live-events.js";
import { Memo, MemoPool } from "../compiled/memo.js";
import { Packing } from "../compiled/packing.js";
import type { Patches, Trees } from "../compiled/successors.js";
import { grown } from "../grown.js";
import type { Learned, SentOutcome } from "./messages.js";
import { Sums } from "./sums.js";

/** An outcome as it is applied, but for its patches. */
export interface KnownOutcome {
  readonly isEnabled: boolean;
  /** A slot, its new value, the next slot … */
  readonly writes: readonly number[];
  readonly pending: readonly KnownFunction[];
}

/** A function whose answer in a state says which outcome is applied last. */
export interface KnownFunction {
  /** Where its tree begins. */
  readonly number: number;
  /** By answer. */
  readonly outcomes: number[];
}

/** What the main thread knows of a machine, as far as a worker needs it to expand states. */
export class Tables implements KnownSteps, Trees, Patches {
  readonly pool = new MemoPool();
  readonly steps: Memo[] = [];
  /** By event, the root of its tree. */
  roots = new Int32Array(0);
  readonly all: KnownOutcome[] = [];
  readonly outcomes: { readonly nothing: number };
  /** Lists of events that replies refer to. */
  readonly offers: (readonly number[])[] = [];
  /** By part of what is offered, the root of its tree, and what its leaves say. */
  readonly offering: { root: number; readonly answers: (readonly number[])[] }[] = [];
  /** By invariant, the root of its tree, and what its leaves say. */
  readonly questions: { root: number; readonly answers: number[] }[];
  epoch = -1;
  begun = -1;
  packing = new Packing([], new Int32Array(0));
  /** By outcome, word by word, what it keeps of a packed state, and what it sets. */
  patches = new Int32Array(0);
  /** By outcome, its kind, and the function that says what is written last if there is just one. */
  kinds = new Uint8Array(0);
  readonly functions: (KnownFunction | undefined)[] = [];
  /** What outcomes do to the sums of states. */
  readonly sums = new Sums();
  readonly #functions = new Map<number, KnownFunction>();
  /** Of how many outcomes the patches are there. */
  #patched = 0;

  constructor(nothing: number, invariants: number) {
    this.outcomes = { nothing };
    this.questions = Array.from({ length: invariants }, () => ({ root: 0, answers: [] }));
  }

  /** Takes over what is new. Returns whether states are packed otherwise from now on. */
  learn(learned: Learned): boolean {
    const { cells, packing } = learned;
    this.pool.cells = cells;
    for (const root of learned.events) this.steps.push(new Memo(this.pool, root));
    if (learned.events.length > 0) this.roots = Int32Array.from(this.steps, ({ root }) => root);
    for (const { root, outcomes } of learned.functions) this.#function(root).outcomes.push(...outcomes);
    for (const outcome of learned.outcomes) this.#add(outcome);
    learned.offering.forEach(({ root, answers }, number) => {
      const part = this.offering[number];
      if (part === undefined) this.offering.push({ root, answers: [...answers] });
      else part.answers.push(...answers);
    });
    this.offers.push(...learned.offers);
    learned.questions.forEach(({ root, answers }, number) => {
      const question = this.questions[number];
      if (question === undefined) return;
      question.root = root;
      question.answers.push(...answers);
    });
    this.epoch = learned.epoch;
    this.begun = learned.begun;
    if (packing !== null) {
      this.packing = new Packing(packing.widths, packing.least);
      this.sums.fit(packing.widths.length);
      this.#patched = 0;
    }
    this.#patch();
    return packing !== null;
  }

  #function(root: number): KnownFunction {
    let known = this.#functions.get(root);
    if (known === undefined) {
      known = { number: root, outcomes: [] };
      this.#functions.set(root, known);
      this.pool.functions.set(root, new Memo(this.pool, root));
    }
    return known;
  }

  #add({ event, writes, pending }: SentOutcome): void {
    const outcome = this.all.length;
    const functions = pending.map((root) => this.#function(root));
    this.all.push({ isEnabled: event >= 0, writes, pending: functions });
    if (outcome >= this.kinds.length) this.kinds = grown(this.kinds, 2 * outcome + 64);
    this.kinds[outcome] = kindOf(event, pending.length);
    if (functions[0] !== undefined) this.functions[outcome] = functions[0];
    this.sums.learn(writes);
  }

  #patch(): void {
    const { packing } = this;
    const wanted = this.all.length * 2 * packing.words;
    if (wanted > this.patches.length) this.patches = grown(this.patches, 2 * wanted);
    for (let outcome = this.#patched; outcome < this.all.length; outcome += 1) {
      // Whatever came up has room in the packing: the main thread sees to that.
      packing.patch(this.all[outcome]?.writes ?? [], this.patches, outcome * 2 * packing.words);
    }
    this.#patched = this.all.length;
  }
}
