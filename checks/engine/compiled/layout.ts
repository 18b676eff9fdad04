import type { AnyStateMachine, AnyStateNode } from "xstate";
import { isInert } from "./inert.js";
import { STATUS_SLOT } from "./slots.js";
import { Uncompilable } from "./uncompilable.js";

/*
 * A machine's configuration as small integers. Every compound state node has a slot that says which of its children is
 * active (0: none, the node itself is not active); every history node has one that says what it remembers. Slots 0 and 1
 * are the status and the output. The context's slots come after all of these (`context.ts`).
 */

export { ACTIVE, DONE, OUTPUT_SLOT, STATUS_SLOT } from "./slots.js";

/** A state node as the compiled engine walks it. */
export interface ChartNode {
  readonly state: AnyStateNode;
  readonly parent: ChartNode | null;
  /** Without history nodes, in document order. */
  readonly children: readonly ChartNode[];
  readonly histories: readonly ChartNode[];
  readonly kind: "atomic" | "compound" | "parallel" | "final" | "history";
  /** Of a compound node the slot of its active child, of a history node that of what it remembers; -1 for others. */
  readonly slot: number;
  /** What the parent's slot holds while this node is its active child. */
  readonly place: number;
  readonly order: number;
  readonly depth: number;
  /** Entry and exit actions that can change what comes of a step. */
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  /** Whether leaving the node or one below it has to be watched: exit actions, or a history node to write. */
  readonly watched: boolean;
  /** The slots of compound nodes in this subtree, its own included. */
  readonly inside: readonly number[];
  /** Whether the node or one below it has eventless transitions. */
  readonly eventless: boolean;
  /** Whether the node or one below it has tags. */
  readonly tagged: boolean;
}

export interface Layout {
  readonly machine: AnyStateMachine;
  readonly root: ChartNode;
  /** By `order`: document order. */
  readonly nodes: readonly ChartNode[];
  readonly historyNodes: readonly ChartNode[];
  /** Whether there is a final node, so that the machine may be done. */
  readonly mayEnd: boolean;
  /** The slots of compound nodes that are active whatever happens: those with nothing but parallel nodes above them. */
  readonly always: ReadonlySet<number>;
  /** How many slots the configuration has; the context's slots start here. */
  readonly slots: number;
  /** How many values a slot of the configuration may hold; of a history slot, 0: not known beforehand. */
  readonly radices: readonly number[];
  of(node: AnyStateNode): ChartNode;
}

/** @throws Uncompilable */
export function layoutOf(machine: AnyStateMachine): Layout {
  const builder = new Builder(machine);
  const root = builder.build(machine.root, null, 0, 0);
  const mayEnd = [...builder.known.values()].some(({ kind }) => kind === "final");
  builder.radices[STATUS_SLOT] = mayEnd ? 2 : 1;
  const nodes = [...builder.known.values()].sort((left, right) => left.order - right.order);
  return {
    machine,
    root,
    nodes,
    historyNodes: nodes.filter(({ kind }) => kind === "history"),
    mayEnd,
    always: new Set(alwaysActive(root)),
    slots: builder.radices.length,
    radices: builder.radices,
    of(node) {
      const found = builder.known.get(node);
      if (found === undefined) throw new Uncompilable(node, "it does not belong to the machine.");
      return found;
    },
  };
}

function alwaysActive(node: ChartNode): readonly number[] {
  if (node.kind === "compound") return [node.slot];
  return node.kind === "parallel" ? node.children.flatMap(alwaysActive) : [];
}

class Builder {
  readonly known = new Map<AnyStateNode, ChartNode>();
  /** Status, then output: of the latter nobody knows how many there will be. */
  readonly radices: number[] = [1, 0];
  readonly #machine: AnyStateMachine;

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
  }

  build(state: AnyStateNode, parent: ChartNode | null, place: number, depth: number): ChartNode {
    const below = Object.values<AnyStateNode>(state.states);
    const regular = below.filter(({ type }) => type !== "history");
    const slot = this.#slotFor(state, regular.length);
    const children: ChartNode[] = [];
    const histories: ChartNode[] = [];
    const entry = state.entry.filter((action) => !isInert(this.#machine, action));
    const exit = state.exit.filter((action) => !isInert(this.#machine, action));
    const node = {
      state,
      parent,
      children,
      histories,
      kind: state.type,
      slot,
      place,
      order: state.order,
      depth,
      entry,
      exit,
      watched: exit.length > 0,
      inside: slot >= 0 && state.type === "compound" ? [slot] : [],
      eventless: state.always !== undefined && state.always.length > 0,
      tagged: state.tags.length > 0,
    };
    this.known.set(state, node);
    for (const child of below) {
      if (child.type === "history") histories.push(this.build(child, node, 0, depth + 1));
      else children.push(this.build(child, node, children.length + 1, depth + 1));
    }
    node.watched ||= histories.length > 0 || children.some(({ watched }) => watched);
    node.inside.push(...children.flatMap(({ inside }) => inside));
    node.eventless ||= children.some(({ eventless }) => eventless);
    node.tagged ||= children.some(({ tagged }) => tagged);
    return node;
  }

  #slotFor(state: AnyStateNode, children: number): number {
    if (state.type === "compound") return this.radices.push(children + 1) - 1;
    if (state.type === "history") return this.radices.push(0) - 1;
    return -1;
  }
}

/** Whether `node` lies below `ancestor`; everything lies below `null`. */
export function isInside(node: ChartNode, ancestor: ChartNode | null): boolean {
  if (ancestor === null) return true;
  for (let above = node.parent; above !== null; above = above.parent) {
    if (above === ancestor) return true;
  }
  return false;
}
