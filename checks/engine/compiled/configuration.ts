import { matchesState, type StateValue } from "xstate";
import { type ChartNode, DONE, type Layout, STATUS_SLOT } from "./layout.js";

/** Reading the configuration, no more of it than the question needs. */

/** A configuration, slot by slot: the state's own, or the one that a microstep is making. */
export interface Configuration {
  read(slot: number): number;
}

/** The active child of an active compound node. */
export function activeChild(configuration: Configuration, node: ChartNode): ChartNode | undefined {
  return node.children[configuration.read(node.slot) - 1];
}

export function isActive(configuration: Configuration, node: ChartNode): boolean {
  for (let at = node; at.parent !== null; at = at.parent) {
    if (at.parent.kind === "compound") return configuration.read(at.parent.slot) === at.place;
  }
  return true;
}

/** Calls `visit` for the active nodes from `node` on, parents before children, where `wanted` says so of a subtree. */
export function visitActive(
  configuration: Configuration,
  node: ChartNode,
  wanted: (node: ChartNode) => boolean,
  visit: (node: ChartNode) => void,
): void {
  if (!wanted(node)) return;
  visit(node);
  if (node.kind === "parallel") {
    for (const child of node.children) visitActive(configuration, child, wanted, visit);
  } else if (node.kind === "compound" && node.children.some(wanted)) {
    const child = activeChild(configuration, node);
    if (child !== undefined) visitActive(configuration, child, wanted, visit);
  }
}

/** Whether the region is done, as XState sees it: a compound node in a final child, a parallel one with all regions done. */
export function isDone(configuration: Configuration, node: ChartNode): boolean {
  switch (node.kind) {
    case "compound":
      return node.children.some(({ kind }) => kind === "final") && activeChild(configuration, node)?.kind === "final";
    case "parallel":
      return node.children.every((child) => isDone(configuration, child));
    default:
      return node.kind === "final";
  }
}

/**
 * The regions of a parallel node in the order in which XState asks and writes them: that of the document, and backwards
 * once the machine is done.
 */
export function regionsOf(
  { mayEnd }: Layout,
  configuration: Configuration,
  { children }: ChartNode,
): readonly ChartNode[] {
  return mayEnd && configuration.read(STATUS_SLOT) === DONE ? children.toReversed() : children;
}

/** The state value from a node on, as XState writes it. Its members are worked out when they are looked at. */
export function stateValueOf(layout: Layout, configuration: Configuration, node: ChartNode): StateValue {
  const value: Record<string, StateValue> = {};
  const define = (child: ChartNode): void => {
    const get = (): StateValue => stateValueOf(layout, configuration, child);
    Object.defineProperty(value, child.state.key, { get, enumerable: true, configurable: true });
  };
  if (node.kind === "compound") {
    const child = activeChild(configuration, node);
    if (child !== undefined && isLeaf(child)) return child.state.key;
    if (child !== undefined) define(child);
  } else if (node.kind === "parallel") {
    for (const child of regionsOf(layout, configuration, node)) define(child);
  }
  return value;
}

function isLeaf({ kind }: ChartNode): boolean {
  return kind === "atomic" || kind === "final";
}

/** What `snapshot.matches(test)` says. */
export function matchesValue(layout: Layout, configuration: Configuration, test: StateValue): boolean {
  return matchesState(test, stateValueOf(layout, configuration, layout.root));
}
