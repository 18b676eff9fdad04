import type { Call } from "../../impl/driver.js";
import type { EdgeList, MadeEdge } from "./edgelist.js";
import type { Offer } from "./offers.js";
import type { WorldGraph } from "./worldgraph.js";
import type { Named } from "./worlds.js";

/** A graph of worlds as plain data: all that it takes to go on with it elsewhere. */
export interface GraphPosition {
  readonly worlds: Named;
  /** Of the states, as their store has them. */
  readonly records: Int32Array;
  /** A row of `LIST` words a list, in the order in which they were made. */
  readonly lists: Int32Array;
  readonly targets: Int32Array;
  /** A row of `EDGE` words an edge. */
  readonly edges: Int32Array;
  /** The choices of all edges, one after the other: 1 for a failure. */
  readonly prefixes: Uint8Array;
  readonly calls: readonly Call[];
  /** The names of the calls. */
  readonly keys: readonly string[];
  readonly results: readonly string[];
}

/** Whether local, row, part, edges, words of targets, whether alive, uses. */
const LIST = 7;
/** Call, result, target, choices. */
const EDGE = 4;

/**
 * Takes a graph down.
 * @param served lists that have served one state more than is to be remembered
 */
export function positionOf(graph: WorldGraph, served: ReadonlySet<EdgeList>): GraphPosition {
  const placed = graph.lists;
  const edges = new PackedEdges(graph.made);
  const lists = new Int32Array(placed.length * LIST);
  const targets = new Int32Array(placed.reduce((words, { list }) => words + list.targets.length, 0));
  let word = 0;
  for (const [at, { list, row, part }] of placed.entries()) {
    const { local, alive } = list;
    const uses = list.uses - (served.has(list) ? 1 : 0);
    lists.set([+local, row, part, list.edges.length, list.targets.length, +alive, uses], at * LIST);
    targets.set(list.targets, word);
    word += list.targets.length;
    for (const edge of list.edges) edges.add(edge);
  }
  return { worlds: graph.worlds.named, records: graph.store.records, lists, targets, ...edges.packed };
}

/** Makes an empty graph what another one was. Answers its lists, in the order in which they were made. */
export function takeOver(graph: WorldGraph, position: GraphPosition): readonly EdgeList[] {
  graph.worlds.takeOver(position.worlds);
  graph.store.takeOver(position.records);
  const edges = unpacked(position);
  const made: EdgeList[] = [];
  let first = 0;
  let word = 0;
  for (let at = 0; at < position.lists.length; at += LIST) {
    const [local = 0, row = 0, part = 0, count = 0, words = 0, alive = 0, uses = 0] = position.lists.subarray(
      at,
      at + LIST,
    );
    const targets = position.targets.slice(word, word + words);
    const own = edges.slice(first, first + count);
    const list: EdgeList = { local: local === 1, first, edges: own, targets, alive: alive === 1, uses };
    graph.put({ list, row, part });
    made.push(list);
    first += count;
    word += words;
  }
  return made;
}

class PackedEdges {
  readonly #edges: Int32Array;
  readonly #choices: number[] = [];
  readonly #offers = new Map<string, { readonly at: number; readonly call: Call }>();
  readonly #results = new Map<string, number>();
  #at = 0;

  constructor(count: number) {
    this.#edges = new Int32Array(count * EDGE);
  }

  add({ offer, prefix, result, target }: MadeEdge): void {
    this.#edges.set([this.#offer(offer), this.#result(result), target, prefix.length], this.#at);
    this.#at += EDGE;
    for (const fails of prefix) this.#choices.push(+fails);
  }

  get packed(): Pick<GraphPosition, "edges" | "prefixes" | "calls" | "keys" | "results"> {
    return {
      edges: this.#edges,
      prefixes: Uint8Array.from(this.#choices),
      calls: [...this.#offers.values()].map(({ call }) => call),
      keys: [...this.#offers.keys()],
      results: [...this.#results.keys()],
    };
  }

  #offer({ call, key }: Offer): number {
    let known = this.#offers.get(key);
    if (known === undefined) {
      known = { at: this.#offers.size, call };
      this.#offers.set(key, known);
    }
    return known.at;
  }

  #result(result: string): number {
    let known = this.#results.get(result);
    if (known === undefined) {
      known = this.#results.size;
      this.#results.set(result, known);
    }
    return known;
  }
}

function unpacked({ edges, prefixes, calls, keys, results }: GraphPosition): readonly MadeEdge[] {
  const offers = calls.map((call, i): Offer => ({ call, key: keys[i] ?? "" }));
  const made: MadeEdge[] = [];
  let choice = 0;
  for (let at = 0; at < edges.length; at += EDGE) {
    const [by = 0, came = 0, target = 0, choices = 0] = edges.subarray(at, at + EDGE);
    const [offer, result] = [offers[by], results[came]];
    if (offer === undefined || result === undefined) throw new Error(`edge ${at / EDGE} has no call or no result`);
    const prefix = Array.from(prefixes.subarray(choice, choice + choices), (fails) => fails === 1);
    made.push({ offer, prefix, result, target });
    choice += choices;
  }
  return made;
}
