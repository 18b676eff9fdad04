import { type Behaviour, behaviours, type Concrete, type Making } from "./behaviours.js";
import { type Edge, isFollowed } from "./edge.js";
import { type EdgeList, type MadeEdge, NOT_FOLLOWED, NOWHERE_ELSE } from "./edgelist.js";
import type { Offers } from "./offers.js";
import type { WorldGraph } from "./worldgraph.js";
import type { Worlds } from "./worlds.js";

/** What came of an edge, as text: what it returned, the panic, what it broke, which kernel calls were made and answered how. */
export function resultOf({ outcome, breaches }: Edge): string {
  let text = `${outcome.ret} ${outcome.panic}`;
  for (const { invariant } of breaches) text += ` ${invariant}`;
  for (const { fn, page, rc } of outcome.calls) text += `;${fn},${page},${rc}`;
  return text;
}

/** Is told of each edge of a list while the driver stands after it. */
type Made = (behaviour: Behaviour, index: number) => void;

/** Makes lists of edges. */
export class EdgeLists {
  readonly #making: Making;
  readonly #offers: Offers;
  readonly #worlds: Worlds;
  readonly #after: Int32Array;
  /** Results are few; each text is kept once. */
  readonly #results = new Map<string, string>();

  constructor(making: Making, offers: Offers, worlds: Worlds) {
    this.#making = making;
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
    for (const behaviour of behaviours(this.#making, from, offers, this.#offers)) {
      const { edge } = behaviour;
      const followed = isFollowed(edge);
      if (followed) this.#worlds.name(edge.step.next, this.#making.driver, this.#after);
      draft.add(behaviour, this.#shared(resultOf(edge)), followed ? this.#after : null);
      if (followed && this.#worlds.isWhole(this.#after[0] ?? 0)) draft.local = false;
      made(behaviour, draft.edges.length - 1);
    }
    return draft.finished(first, (from.observed.segments[seg] ?? null) !== null);
  }

  #shared(result: string): string {
    const known = this.#results.get(result);
    if (known === undefined) this.#results.set(result, result);
    return known ?? result;
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
  /** The first edge and the key of each state that is led to, by its key as text. */
  readonly #targets = new Map<string, { readonly at: number; readonly by: number; readonly key: Int32Array }>();
  readonly #own: string;

  constructor(key: Int32Array, seg: number, next: number) {
    this.#key = key.slice();
    this.#seg = seg;
    this.#next = next;
    this.#own = key.join();
  }

  add({ offer, prefix, edge }: Behaviour, result: string, after: Int32Array | null): void {
    const index = this.edges.length;
    if (!this.#touchesOwnOnly(edge, after)) this.local = false;
    this.edges.push({ offer, prefix, result, target: after === null ? NOT_FOLLOWED : this.#target(after, index) });
  }

  finished(first: number, alive: boolean): EdgeList {
    const targets = [...this.#targets.values()].flatMap(({ by, key }) =>
      this.local ? [by, key[0] ?? 0, key[1 + this.#seg] ?? 0, this.#child(key)] : [by, ...key],
    );
    const { local, edges } = this;
    return { local, first, edges, targets: Int32Array.from(targets), alive, uses: 0 };
  }

  #target(after: Int32Array, index: number): number {
    const text = after.join();
    if (text === this.#own) return NOWHERE_ELSE;
    let target = this.#targets.get(text);
    if (target === undefined) {
      target = { at: this.#targets.size, by: index, key: after.slice() };
      this.#targets.set(text, target);
    }
    return target.at;
  }

  /** The part of a segment that was not there before, or 0. */
  #child(key: Int32Array): number {
    return this.#next === this.#seg ? 0 : (key[1 + this.#next] ?? 0);
  }

  /** Whether the edge read and wrote nothing but its segment (and a child that comes to be), and left all others as they are. */
  #touchesOwnOnly({ call, outcome }: Edge, after: Int32Array | null): boolean {
    const isOwn = (seg: number) => seg === this.#seg || (call.call === "dup" && seg === call.into);
    if (outcome.touched?.every(isOwn) !== true) return false;
    return after === null || after.every((part, i) => i === 0 || isOwn(i - 1) || part === this.#key[i]);
  }
}
