import { eventLoopTurn } from "../eventloop.js";

/** What is to be covered: a graph to walk in from a start, and for each edge which target it covers (none, or one that others cover too). */
export interface Coverable {
  /** Edges by the node that they lead on from; walks begin at node 0. */
  readonly leading: readonly (readonly CoverableEdge[])[];
  /** For each node a number that nodes share from which edges lead to the same nodes. */
  readonly groups: readonly number[];
}

export interface CoverableEdge {
  readonly to: number;
  /** Which call it is. */
  readonly call: number;
  readonly target: number | null;
}

export interface Cover {
  /** The calls of each walk. The shortest walk comes first. */
  readonly walks: readonly (readonly number[])[];
  /** Calls of all walks. */
  readonly length: number;
  /** No suite has fewer walks or calls than these. */
  readonly least: { readonly walks: number; readonly length: number };
  readonly targets: number;
}

export interface CoverOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many targets are covered. */
  readonly progress?: (covered: number, of: number) => void;
}

/** Between two turns of the event loop. */
const WALKS_BETWEEN_TURNS = 16;

/** A walk that fails is to be understood: it is ended rather than made longer than this. */
const LONGEST_WALK = 40;

/**
 * Walks that cover every target, few and short. A walk takes whatever is nearest and not covered yet, and what it can go on from first:
 * only the last call of a walk can end all (an unmap, a panic), and there are many of these, each of which needs a walk of its own.
 * Null if the signal came before all was covered.
 */
export async function cover(graph: Coverable, { signal, progress }: CoverOptions = {}): Promise<Cover | null> {
  const walker = new Walker(graph);
  const { targets } = walker;
  const least = leastOf(graph, walker.distances);
  const walks: (readonly number[])[] = [];
  while (walker.left > 0) {
    walks.push(walker.walk());
    if (walks.length % WALKS_BETWEEN_TURNS !== 0) continue;
    progress?.(targets - walker.left, targets);
    await eventLoopTurn();
    if (signal?.aborted === true) return null;
  }
  walks.sort((a, b) => a.length - b.length);
  return { walks, length: walks.reduce((sum, walk) => sum + walk.length, 0), least, targets };
}

interface Way {
  readonly from: number;
  readonly edge: CoverableEdge;
}

class Walker {
  readonly targets: number;
  readonly distances: ReadonlyMap<number, number>;
  readonly #leading: Coverable["leading"];
  readonly #groups: Coverable["groups"];
  /** Targets not covered yet, each with the nodes that an edge to it leads on from. */
  readonly #open = new Map<number, { readonly at: number; readonly ends: boolean }[]>();
  /** By node, how many edges to such targets lead on from it: those to go on from, and those that end all. */
  readonly #goingOn: number[];
  readonly #ending: number[];

  constructor({ leading, groups }: Coverable) {
    this.#leading = leading;
    this.#groups = groups;
    this.#goingOn = leading.map(() => 0);
    this.#ending = leading.map(() => 0);
    this.distances = this.#distances();
    for (const at of this.distances.keys()) {
      for (const { target, to } of leading[at] ?? []) if (target !== null) this.#add(target, at, this.#isEnd(to));
    }
    this.targets = this.#open.size;
  }

  #add(target: number, at: number, ends: boolean): void {
    const places = this.#open.get(target) ?? [];
    places.push({ at, ends });
    this.#open.set(target, places);
    this.#count(at, ends, 1);
  }

  #count(at: number, ends: boolean, more: number): void {
    const counts = ends ? this.#ending : this.#goingOn;
    counts[at] = (counts[at] ?? 0) + more;
  }

  #covered(target: number): void {
    for (const { at, ends } of this.#open.get(target) ?? []) this.#count(at, ends, -1);
    this.#open.delete(target);
  }

  get left(): number {
    return this.#open.size;
  }

  walk(): readonly number[] {
    const calls: number[] = [];
    let at = 0;
    for (;;) {
      const room = Math.max(LONGEST_WALK - calls.length, calls.length === 0 ? Number.POSITIVE_INFINITY : 1);
      const way = this.#nearest(at, room - 1, false) ?? this.#nearest(at, room, true);
      if (way === null) return calls;
      for (const edge of way) {
        calls.push(edge.call);
        if (edge.target !== null) this.#covered(edge.target);
        at = edge.to;
      }
    }
  }

  /** The shortest way to an edge that covers something new, that edge included; null if none is so near. */
  #nearest(start: number, room: number, ends: boolean): readonly CoverableEdge[] | null {
    const ways = new Map<number, Way | null>([[start, null]]);
    const depths = new Map([[start, 0]]);
    const gone = new Set<number>();
    for (const at of ways.keys()) {
      const depth = depths.get(at) ?? 0;
      if (depth >= room) return null;
      const found = this.#newEdge(at, ends);
      if (found !== null) return [...wayTo(ways, at), found];
      const group = this.#groups[at] ?? at;
      if (gone.has(group)) continue;
      gone.add(group);
      for (const edge of this.#leading[at] ?? []) {
        if (ways.has(edge.to)) continue;
        ways.set(edge.to, { from: at, edge });
        depths.set(edge.to, depth + 1);
      }
    }
    return null;
  }

  #newEdge(at: number, ends: boolean): CoverableEdge | null {
    if (((ends ? this.#ending : this.#goingOn)[at] ?? 0) === 0) return null;
    const isNew = ({ target, to }: CoverableEdge) =>
      target !== null && this.#open.has(target) && this.#isEnd(to) === ends;
    return this.#leading[at]?.find(isNew) ?? null;
  }

  #isEnd(at: number): boolean {
    return (this.#leading[at] ?? []).length === 0;
  }

  #distances(): ReadonlyMap<number, number> {
    const distances = new Map([[0, 0]]);
    for (const [at, distance] of distances) {
      for (const { to } of this.#leading[at] ?? []) if (!distances.has(to)) distances.set(to, distance + 1);
    }
    return distances;
  }
}

function wayTo(ways: ReadonlyMap<number, Way | null>, at: number): readonly CoverableEdge[] {
  const edges: CoverableEdge[] = [];
  for (let way = ways.get(at) ?? null; way !== null; way = ways.get(way.from) ?? null) edges.push(way.edge);
  return edges.reverse();
}

/**
 * A target that only a last call covers needs a walk of its own, as long as the shortest way to it. Of all other calls each covers
 * one target at most, and first calls perhaps none.
 */
function leastOf({ leading }: Coverable, distances: ReadonlyMap<number, number>): Cover["least"] {
  const ending = new Map<number, number>();
  const others = new Set<number>();
  for (const [at, distance] of distances) {
    for (const { to, target } of leading[at] ?? []) {
      if (target === null) continue;
      if ((leading[to] ?? []).length > 0) others.add(target);
      else ending.set(target, Math.min(ending.get(target) ?? distance, distance));
    }
  }
  const ends = [...ending].filter(([target]) => !others.has(target));
  const before = ends.reduce((sum, [, distance]) => sum + distance, 0);
  const walks = Math.max(ends.length, others.size === 0 ? 0 : 1);
  const idle = leading[0]?.every(({ target }) => target === null) === true ? walks : 0;
  return { walks, length: ends.length + Math.max(others.size + idle, before) };
}
