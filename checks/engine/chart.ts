import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition, StateValue } from "xstate";
import { EngineError } from "./errors.js";

/*
 * What can be read off a machine before it runs: its state nodes, their transitions, its guards' names, and whether it
 * is closed (asks nothing of actors).
 */

type Action = AnyTransitionDefinition["actions"][number];

/** Throws `bad-option` unless `machine` is one of XState v5. */
export function assertMachine(machine: unknown): void {
  const root = typeof machine === "object" && machine !== null && "root" in machine ? machine.root : undefined;
  if (typeof root === "object" && root !== null && "transitions" in root && root.transitions instanceof Map) return;
  throw new EngineError("bad-option", "The first argument is no XState v5 machine.", {
    hint: "Give what createMachine(…) or setup(…).createMachine(…) returns, not an actor and not a configuration.",
  });
}

/** The machine's state nodes in document order, the root first. */
export function stateNodes(machine: AnyStateMachine): AnyStateNode[] {
  const nodes: AnyStateNode[] = [];
  const visit = (node: AnyStateNode): void => {
    nodes.push(node);
    for (const child of Object.values<AnyStateNode>(node.states)) visit(child);
  };
  visit(machine.root);
  return nodes;
}

/**
 * The state nodes that XState asks, by the state value and from the root. Not `_nodes`: a root that is left by way of its
 * own history node is not among those again, but still asked.
 */
export function nodesOf(node: AnyStateNode, value: StateValue, found: AnyStateNode[] = []): AnyStateNode[] {
  found.push(node);
  for (const name of typeof value === "string" ? [value] : Object.keys(value)) {
    const child = node.states[name];
    const below = typeof value === "string" ? {} : value[name];
    if (child !== undefined) nodesOf(child, below ?? {}, found);
  }
  return found;
}

/** The atomic state nodes that are active: where a machine *is*, for messages. */
export function activeLeaves(snapshot: AnyMachineSnapshot): AnyStateNode[] {
  return snapshot._nodes.filter((node) => node.type === "atomic" || node.type === "final");
}

/** The ids of the active leaves, quoted. */
export function describeWhere(snapshot: AnyMachineSnapshot): string {
  return activeLeaves(snapshot)
    .map((node) => `'${node.id}'`)
    .join(", ");
}

const CLOSED_HINT =
  "The engine explores one machine, without actors: model what the actor does as events of the machine.";

/** The error for a machine that runs an actor of its own. */
export function notClosed(where: string, what: string): EngineError {
  return new EngineError("not-closed", `State node ${where}: ${what}`, { at: where, hint: CLOSED_HINT });
}

/**
 * Throws `not-closed`, naming the state node, if a state node invokes an actor or has an action that spawns one. What
 * only shows while the machine runs (a `spawn` inside an `assign`) is refused by `stateKey`.
 */
export function assertClosed(machine: AnyStateMachine): void {
  for (const node of stateNodes(machine)) {
    const [invoked] = node.invoke;
    if (invoked !== undefined) throw notClosed(`'${node.id}'`, `it invokes an actor, '${invoked.id}'.`);
    if (actionsOf(node).some((action) => isSpawn(machine, action))) {
      throw notClosed(`'${node.id}'`, "one of its actions spawns an actor.");
    }
  }
}

function actionsOf(node: AnyStateNode): Action[] {
  const initial = node.type === "compound" ? node.initial.actions : [];
  const own = transitionsOf(node).flatMap(({ transition }) => transition.actions);
  return [...node.entry, ...node.exit, ...initial, ...own];
}

function isSpawn(machine: AnyStateMachine, action: Action): boolean {
  const resolved: unknown =
    typeof action === "function"
      ? action
      : machine.implementations.actions[typeof action === "string" ? action : action.type];
  return typeof resolved === "function" && "type" in resolved && resolved.type === "xstate.spawnChild";
}

/** A transition as it stands in the chart. */
export interface ChartTransition {
  readonly transition: AnyTransitionDefinition;
  /** The event descriptor it is written under, `null` for an eventless (`always`) one. */
  readonly event: string | null;
  /** Its place among the candidates of that descriptor at that state node: which guard branch it is. */
  readonly candidate: number;
}

/** The transitions written at a state node, in document order, the eventless ones last. */
export function transitionsOf(node: AnyStateNode): ChartTransition[] {
  const all: ChartTransition[] = [];
  for (const [event, candidates] of node.transitions) {
    candidates.forEach((transition, candidate) => {
      all.push({ transition, event, candidate });
    });
  }
  node.always?.forEach((transition, candidate) => {
    all.push({ transition, event: null, candidate });
  });
  return all;
}

/** Whether an event of this type is meant by the descriptor that a transition is written under. */
export function matches(type: string, descriptor: string): boolean {
  if (descriptor === type || descriptor === "*") return true;
  return descriptor.endsWith(".*") && `${type}.`.startsWith(descriptor.slice(0, -1));
}

/** Whether a transition of the state node may be for this event; any wildcard counts. */
export function mentions(node: AnyStateNode, type: string): boolean {
  return node.transitions.has(type) || [...node.transitions.keys()].some((descriptor) => descriptor.includes("*"));
}

/**
 * Whether a transition does nothing but keep its event from the state nodes above (no target, no action). An event that
 * selects only such transitions is not enabled.
 */
export function isForbidden(transition: AnyTransitionDefinition): boolean {
  return transition.target === undefined && transition.actions.length === 0;
}
