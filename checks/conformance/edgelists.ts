import { type Behaviour, behaviours, type Concrete, type Making } from "./behaviours.js";
import { type Edge, isFollowed } from "./edge.js";
import { type EdgeList, type MadeEdge, NOT_FOLLOWED, NOWHERE_ELSE } from "./edgelist.js";
import type { Offers } from "./offers.js";
import type { Results } from "./results.js";
import type { WorldGraph } from "./worldgraph.js";
import type { Worlds } from "./worlds.js";

/** Is told of each edge of a list while the driver stands after it. */
type Made = (behaviour: Behaviour, index: number) => void;

/** Makes lists of edges. */
export class EdgeLists {
  readonly #making: Making;
  readonly #offers: Offers;
  readonly #worlds: Worlds;
  readonly #after: Int32Array;
  readonly #results: Results;

  constructor(making: Making, offers: Offers, worlds: Worlds, results: Results) {
    this.#making = making;
    this.#results = results;
    this.#offers = offers;
    this.#worlds = worlds;
    this.#after = new Int32Array(worlds.width);
  }

  /**
   * Makes all edges of one segment in the state that is looked at.
   */
  list(from: Concrete, { key, made: first }: WorldGraph, seg: number, made: Made): EdgeList {
    const offers = this.#offers.in(from.spec).filter(({ call }) => call.seg === seg);
    const draft = new Draft(key, seg, this.#worlds.segments(key[0] ?? 0));
    if (this.#worlds.isWhole(key[0] ?? 0)) draft.local = false;
    const { driver } = this.#making;
    driver.restore(from.snapshot);
    const parts = driver.parts();
    for (const behaviour of behaviours(this.#making, from, offers, this.#offers)) {
      const { edge } = behaviour;
      const followed = isFollowed(edge);
      // Half of all calls change nothing, and what is the same object need not be named anew.
      if (followed && edge.step.next === from.spec && parts !== null && driver.parts() === parts) this.#after.set(key);
      else if (followed) this.#worlds.name(edge.step.next, driver, this.#after);
      draft.add(behaviour, this.#results.of(edge), followed ? this.#after : null);
      if (followed && this.#worlds.isWhole(this.#after[0] ?? 0)) draft.local = false;
      made(behaviour, draft.edges.length - 1);
    }
    return draft.finished(first, (from.observed.segments[seg] ?? null) !== null);
  }
}

/** A list in the making. */
class Draft {
  readonly edges: MadeEdge[] = [];
  local = true;
  readonly #key: Int32Array;
  readonly #seg: number;
  /** The number of the next segment that comes to be. */
  readonly #next: number;
  /** The first edge and the key of each state that is led to, in order. */
  readonly #targets: Target[] = [];
  /** The last of them whose rest and part of the segment make this number. */
  readonly #last = new Map<number, Target>();

  constructor(key: Int32Array, seg: number, next: number) {
    this.#key = key.slice();
    this.#seg = seg;
    this.#next = next;
  }

  add({ offer, prefix, edge }: Behaviour, result: string, after: Int32Array | null): void {
    const index = this.edges.length;
    if (!this.#touchesOwnOnly(edge, after)) this.local = false;
    this.edges.push({ offer, prefix, result, target: after === null ? NOT_FOLLOWED : this.#target(after, index) });
  }

  finished(first: number, alive: boolean): EdgeList {
    const targets = this.#targets.flatMap(({ by, key }) =>
      this.local ? [by, key[0] ?? 0, key[1 + this.#seg] ?? 0, this.#child(key)] : [by, ...key],
    );
    const { local, edges } = this;
    return { local, first, edges, targets: Int32Array.from(targets), alive, uses: 0 };
  }

  #target(after: Int32Array, index: number): number {
    if (isSameKey(after, this.#key)) return NOWHERE_ELSE;
    const hash = (after[0] ?? 0) * 2 ** 26 + (after[1 + this.#seg] ?? 0);
    const before = this.#last.get(hash);
    for (let target = before; target !== undefined; target = target.other) {
      if (isSameKey(after, target.key)) return target.at;
    }
    const target = { at: this.#targets.length, by: index, key: after.slice(), other: before };
    this.#targets.push(target);
    this.#last.set(hash, target);
    return target.at;
  }

  /** The part of a segment that was not there before, or 0. */
  #child(key: Int32Array): number {
    return this.#next === this.#seg ? 0 : (key[1 + this.#next] ?? 0);
  }

  /** Whether the edge read and wrote nothing but its segment (and a child that comes to be), and left all others as they are. */
  #touchesOwnOnly({ call, outcome }: Edge, after: Int32Array | null): boolean {
    const { touched } = outcome;
    if (touched === null) return false;
    const child = call.call === "dup" ? call.into : this.#seg;
    for (const seg of touched) if (seg !== this.#seg && seg !== child) return false;
    if (after === null) return true;
    for (let seg = 0; seg < after.length - 1; seg++) {
      if (seg !== this.#seg && seg !== child && after[1 + seg] !== this.#key[1 + seg]) return false;
    }
    return true;
  }
}

interface Target {
  readonly at: number;
  /** The edge that leads there first. */
  readonly by: number;
  readonly key: Int32Array;
  readonly other: Target | undefined;
}

/** Whether two keys are of the same state. They are equally long. */
export function isSameKey(one: Int32Array, other: Int32Array): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
