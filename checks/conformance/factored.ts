import { Again } from "./again.js";
import type { Behaviour, Making } from "./behaviours.js";
import { type EdgeRecord, stepOf } from "./edge.js";
import type { EdgeList } from "./edgelist.js";
import { EdgeLists } from "./edgelists.js";
import type { ProductProgress } from "./explored.js";
import { positionOf, takeOver } from "./graphposition.js";
import { Offers } from "./offers.js";
import type { FactoredPosition } from "./position.js";
import { Replayer } from "./replayer.js";
import { Results } from "./results.js";
import { InvariantCounts, JudgedCounts, type ProductTally } from "./tally.js";
import type { Violation } from "./violation.js";
import { WorldGraph } from "./worldgraph.js";
import { Worlds } from "./worlds.js";

export interface FactoredOptions {
  /** The share of edges to make again, 0 to 1. */
  readonly selfCheck?: number;
  /** The most states. */
  readonly states?: number;
  /** The most bytes that the states may take. */
  readonly memory?: number;
  /** Called for each edge that is made and breaks an invariant. */
  readonly violated?: (violation: Violation) => void;
  /** Where to go on from, if not from the start: of the same driver and scope, with the same share of edges to make again. */
  readonly from?: FactoredPosition;
}

/** A violating edge that was made. It stands for itself in every state that its list serves. */
interface ViolatingEdge {
  readonly list: EdgeList;
  readonly index: number;
  readonly violation: Violation;
}

const WORK_OF_MAKING = 200;

/** States of the specification remembered at a time: some 100 MB. They are told apart by their parts, so none is needed for long. */
const MOST_SPECIFICATION_STATES = 20_000;

/**
 * The product of the specification and a driver, explored segment by segment (decision D24): a state is a tuple of
 * numbers, and the edges of a segment are made once for all states that agree in what those edges can read. Counts,
 * levels and paths are those of `Product`. Throws an `Unsound` where it turns out that the driver can't be explored so.
 */
export class FactoredProduct {
  /** Levels reached, the initial state's included. */
  depth = 1;
  deadlocks = 0;
  /** Edges of the states expanded so far, violating ones included. */
  edges = 0;
  /** Which limit has stopped it: on states or on what they take. */
  full: "states" | "memory" | null = null;
  readonly graph: WorldGraph;

  /** The most states, by either limit. */
  readonly #most: number;
  readonly #mostInMemory: number;
  readonly #making: Making;
  readonly #options: FactoredOptions;
  readonly #lists: EdgeLists;
  readonly #replayer: Replayer;
  readonly #again: Again;
  readonly #judged = new JudgedCounts();
  readonly #violating: ViolatingEdge[] = [];
  /** The list in whose midst a limit was reached, and how many of its edges were taken by then. */
  #last: { readonly list: EdgeList; readonly seg: number; readonly edges: number } | null = null;
  #expanded = 0;
  #followed = 0;
  #level = 1;
  /** The number of states up to the level that is being expanded. */
  #levelEnd = 1;

  /** The driver must be in its initial state. */
  constructor(making: Making, options: FactoredOptions = {}) {
    const { scope, specification, driver } = making;
    const worlds = new Worlds(1 + scope.forks);
    this.#making = making;
    this.#options = options;
    this.graph = new WorldGraph(worlds);
    const { states = Number.POSITIVE_INFINITY, memory = Number.POSITIVE_INFINITY } = options;
    this.#mostInMemory = memory === Number.POSITIVE_INFINITY ? memory : this.graph.store.mostWithin(memory);
    this.#most = Math.min(states, this.#mostInMemory);
    const lists = options.from === undefined ? [] : takeOver(this.graph, options.from.graph);
    worlds.name(specification.initial, driver, this.graph.key);
    this.graph.store.add(this.graph.key, 0, -1, -1);
    const results = new Results();
    this.#lists = new EdgeLists(making, new Offers(scope), worlds, results);
    this.#replayer = new Replayer(making, this.graph);
    this.#again = new Again(making, this.graph, this.#replayer, results, options.selfCheck ?? 0);
    if (options.from !== undefined) this.#takeOver(options.from, lists);
  }

  get states(): number {
    return this.graph.store.size;
  }

  /** States reached, but not expanded yet. */
  get waiting(): number {
    return this.states - this.#expanded;
  }

  /** What was done so far, in targets followed: making an edge takes as long as following some hundreds. */
  get work(): number {
    return this.#followed + WORK_OF_MAKING * (this.graph.made + this.#again.checked);
  }

  get progress(): ProductProgress {
    const { states, edges, depth, waiting, graph } = this;
    return { states, edges, executed: graph.made + this.#again.checked, depth, waiting, bytes: graph.store.bytes };
  }

  get tally(): ProductTally {
    const broken = new InvariantCounts();
    for (const { breaches, edges } of this.violations) broken.broken(breaches, edges ?? 1);
    const { made } = this.graph;
    return {
      edges: this.edges,
      executed: made,
      checkedTwice: this.#again.checked,
      judged: this.#judged.byInvariant,
      broken,
    };
  }

  /** The violating edges that were made, each with how many it stands for, in the order in which they were met. */
  get violations(): readonly Violation[] {
    return this.#violating.flatMap(({ list, index, violation }) => {
      const edges = list.uses + (this.#last?.list === list && index < this.#last.edges ? 1 : 0);
      return edges === 0 ? [] : [{ ...violation, edges }];
    });
  }

  /** How far it has come. Where a limit stopped it in the midst of a state, that state is not begun. */
  get position(): FactoredPosition {
    const served = new Set<EdgeList>();
    let { edges } = this;
    if (this.#last !== null) {
      edges -= this.#last.edges;
      this.graph.look(this.#expanded);
      for (let seg = 0; seg < this.#last.seg; seg++) {
        const list = this.graph.list(seg);
        if (list === undefined) continue;
        edges -= list.edges.length;
        served.add(list);
      }
    }
    const numbers = new Map(this.graph.lists.map(({ list }, number) => [list, number]));
    return {
      kind: "factored",
      graph: positionOf(this.graph, served),
      expanded: this.#expanded,
      level: this.#level,
      levelEnd: this.#levelEnd,
      depth: this.depth,
      deadlocks: this.deadlocks,
      edges,
      followed: this.#followed,
      checked: this.#again.checked,
      judged: this.#judged.byInvariant,
      violating: this.#violating.map(({ list, ...edge }) => ({ list: numbers.get(list) ?? -1, ...edge })),
    };
  }

  #takeOver(from: FactoredPosition, lists: readonly EdgeList[]): void {
    this.#expanded = from.expanded;
    this.#level = from.level;
    this.#levelEnd = from.levelEnd;
    this.depth = from.depth;
    this.deadlocks = from.deadlocks;
    this.edges = from.edges;
    this.#followed = from.followed;
    this.#again.checked = from.checked;
    this.#judged.takeOver(from.judged);
    for (const { list: number, ...edge } of from.violating) {
      const list = lists[number];
      if (list !== undefined) this.#violating.push({ list, ...edge });
    }
  }

  /** Takes all edges of the next state. False if there is none, or if a limit on states was reached. */
  expand(): boolean {
    const id = this.#expanded;
    if (id >= this.states || this.full !== null) return false;
    if (id === this.#levelEnd) {
      this.#level++;
      this.#levelEnd = this.states;
    }
    const segments = this.graph.look(id);
    let edges = 0;
    let alive = false;
    for (let seg = 0; seg < segments; seg++) {
      const list = this.graph.list(seg) ?? this.#make(seg);
      alive ||= list.alive;
      if (!this.#follow(list, seg)) return false;
      edges += list.edges.length;
      this.edges += list.edges.length;
      list.uses++;
    }
    if (alive && edges === 0) this.deadlocks++;
    this.#expanded++;
    this.#again.after(id, edges, this.edges);
    return true;
  }

  /** Makes again what is still due of the share of edges that is to be made again. */
  finish(): void {
    for (let id = this.#expanded - 1; id >= 0; id--) if (!this.#again.rest(id, this.edges)) return;
  }

  /** Makes all edges of one segment in the state that is looked at. */
  #make(seg: number): EdgeList {
    const { concrete, path } = this.#replayer.at(this.graph.id);
    const broken: Omit<ViolatingEdge, "list">[] = [];
    const list = this.#lists.list(concrete, this.graph, seg, (behaviour, index) => {
      const violation = this.#judge(behaviour, path);
      if (violation !== null) broken.push({ index, violation });
    });
    this.graph.add(list, seg);
    if (this.#making.specification.size > MOST_SPECIFICATION_STATES) this.#making.specification.forget();
    for (const edge of broken) this.#violating.push({ list, ...edge });
    return list;
  }

  #judge({ edge, offer }: Behaviour, path: readonly EdgeRecord[]): Violation | null {
    this.#judged.count(edge);
    const { breaches, outcome } = edge;
    if (breaches.length === 0) return null;
    const steps = [...path, { call: offer.call, asked: outcome.asked }].map(stepOf);
    const violation = { steps, breaches, panic: outcome.panic };
    this.#options.violated?.(violation);
    return violation;
  }

  /** Adds the states that a list leads to from the state that is looked at. False if that would be too many. */
  #follow(list: EdgeList, seg: number): boolean {
    const { graph } = this;
    const { targets, first } = list;
    const stride = graph.stride(list);
    const most = this.#most;
    for (let at = 0; at < targets.length; at += stride) {
      this.#followed++;
      const edge = targets[at] as number; // every target has the edge that leads there first
      graph.aim(list, seg, at);
      if (graph.store.size >= most && graph.store.find(graph.target, 0) < 0) {
        this.full = most === this.#mostInMemory ? "memory" : "states";
        this.edges += edge + 1;
        this.#last = { list, seg, edges: edge + 1 };
        return false;
      }
      if (graph.store.add(graph.target, 0, graph.id, first + edge) < 0) this.depth = this.#level + 1;
    }
    return true;
  }
}
