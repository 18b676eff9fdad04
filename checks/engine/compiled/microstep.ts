import type { EventObject } from "xstate";
import { type Effects, executeAt } from "./actions.js";
import { finish } from "./completion.js";
import { type Configuration, isActive, visitActive } from "./configuration.js";
import { EntrySet } from "./entry-set.js";
import { remember, transitionDomain } from "./history.js";
import type { Interpreter } from "./interpreter.js";
import { type ChartNode, DONE, isInside, STATUS_SLOT } from "./layout.js";
import { withoutConflicts } from "./select.js";
import type { Trace } from "./trace.js";
import type { CompiledTransition } from "./transitions.js";
import { Uncompilable } from "./uncompilable.js";

/**
 * Takes transitions that were selected together: leaves, acts, enters, in XState's order. Until it is over, guards that
 * actions ask see the configuration as it was before.
 */
export function microstep(
  interpreter: Interpreter,
  selected: readonly CompiledTransition[],
  event: EventObject,
  effects: Effects,
): void {
  if (selected.length === 0) return;
  const transitions = withoutConflicts(interpreter, selected);
  for (const { number } of transitions) interpreter.trace.taken.push(number);
  const [only] = transitions;
  if (transitions.length === 1 && only?.move !== null && only !== undefined && !isDone(interpreter)) {
    move(interpreter, only, event, effects);
    return;
  }
  const next = new NextConfiguration(interpreter.trace);
  const domains = transitions.filter(hasTargets).map((transition) => transitionDomain(interpreter, transition));
  leave(interpreter, domains, next, event, effects);
  for (const { source, actions } of transitions) executeAt(interpreter, source, actions, event, effects);
  const set = new EntrySet(interpreter, transitions);
  assertListed(set, domains);
  enter(interpreter, set, next, event, effects);
  if (isDone(interpreter)) end(interpreter, next, event, effects);
  next.establish();
}

function isDone({ layout, trace }: Interpreter): boolean {
  return layout.mayEnd && trace.read(STATUS_SLOT) === DONE;
}

/** The configuration that a microstep is making: the state's own where it has not been changed. */
class NextConfiguration implements Configuration {
  readonly #trace: Trace;
  readonly #changes = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  read(slot: number): number {
    return this.#changes.get(slot) ?? this.#trace.read(slot);
  }

  write(slot: number, value: number): void {
    this.#changes.set(slot, value);
  }

  establish(): void {
    for (const [slot, value] of this.#changes) this.#trace.write(slot, value);
  }
}

/** The commonest transition: from one leaf to the next, or none at all, with nothing to do on the way but its actions. */
function move(
  interpreter: Interpreter,
  { source, actions, move }: CompiledTransition,
  event: EventObject,
  effects: Effects,
): void {
  executeAt(interpreter, source, actions, event, effects);
  if (move === null || move.target === null) return;
  const { domain, target } = move;
  for (const slot of domain.inside) interpreter.trace.write(slot, 0);
  interpreter.trace.write(domain.slot, target.place);
}

/** What lies inside these nodes is left; `null`: everything. */
type Domains = readonly (ChartNode | null)[];

/** History is written before any exit action runs; then the nodes are left from below. */
function leave(
  interpreter: Interpreter,
  domains: Domains,
  next: NextConfiguration,
  event: EventObject,
  effects: Effects,
): void {
  const { trace, layout } = interpreter;
  const left = new Set<ChartNode>();
  for (const domain of domains) {
    const add = (node: ChartNode): void => {
      if (node !== domain) left.add(node);
    };
    visitActive(trace, domain ?? layout.root, isWatched, add);
  }
  const inOrder = [...left].sort((one, other) => other.order - one.order);
  for (const node of inOrder) {
    for (const history of node.histories) remember(interpreter, history, whatIsRemembered(trace, history, node));
  }
  for (const node of inOrder) executeAt(interpreter, node, node.exit, event, effects);
  for (const domain of domains) {
    for (const slot of (domain ?? layout.root).inside) next.write(slot, 0);
  }
}

function isWatched({ watched }: ChartNode): boolean {
  return watched;
}

function hasTargets({ targets }: CompiledTransition): boolean {
  return targets !== null && targets.length > 0;
}

function whatIsRemembered(trace: Trace, history: ChartNode, parent: ChartNode): ChartNode[] {
  const deep = history.state.history === "deep";
  const nodes: ChartNode[] = [];
  const add = (node: ChartNode): void => {
    if (deep ? isLeaf(node) && node !== parent : node.parent === parent) nodes.push(node);
  };
  visitActive(trace, parent, (node) => deep || node === parent || node.parent === parent, add);
  return nodes;
}

function isLeaf({ kind }: ChartNode): boolean {
  return kind === "atomic" || kind === "final";
}

/**
 * Makes sure that XState's list of active nodes will hold all that are active. One that is left, and not entered again
 * though something inside it is, drops out of the list; what lies beside it comes first from then on, and its own exit
 * actions are never executed: its states have more to them than their value.
 */
function assertListed({ enter }: EntrySet, domains: Domains): void {
  const isLeft = (node: ChartNode): boolean => domains.some((domain) => isInside(node, domain));
  const missing = (node: ChartNode | undefined): void => {
    if (node === undefined) return;
    throw new Uncompilable(node.state, "what is inside it is entered, and it is not, though it was left.");
  };
  for (const node of enter) {
    if (node.parent !== null && !enter.has(node.parent) && isLeft(node.parent)) missing(node.parent);
    if (node.kind === "parallel") missing(node.children.find((child) => !enter.has(child)));
  }
  for (const domain of domains) {
    if (domain?.kind === "parallel") missing(domain.children.find((child) => !enter.has(child)));
  }
}

function enter(
  interpreter: Interpreter,
  set: EntrySet,
  next: NextConfiguration,
  event: EventObject,
  effects: Effects,
): void {
  const entered = set.inOrder();
  const completed = new Set<ChartNode>();
  for (const node of entered) {
    place(node, set, next);
    executeAt(interpreter, node, node.entry, event, effects);
    if (set.byDefault.has(node)) executeAt(interpreter, node, initialActions(node), event, effects);
    if (node.kind === "final") finish(interpreter, next, node, completed, event, effects);
  }
  for (const node of entered) assertWhole(next, node);
}

function initialActions({ kind, state }: ChartNode): readonly unknown[] {
  return kind === "compound" ? state.initial.actions : [];
}

/** Makes the node active. Its parent must be, and must get no other active child. */
function place(node: ChartNode, { enter }: EntrySet, next: NextConfiguration): void {
  const { parent, state } = node;
  if (node.kind === "history") throw new Uncompilable(state, "a history node is entered as if it were a state.");
  if (parent === null) return;
  if (!enter.has(parent) && !isActive(next, parent)) {
    throw new Uncompilable(state, "it is entered though its parent is not active.");
  }
  if (parent.kind !== "compound") return;
  const sibling = parent.children.find((child) => child !== node && enter.has(child));
  if (sibling !== undefined) throw new Uncompilable(state, `it is entered together with '${sibling.state.id}'.`);
  next.write(parent.slot, node.place);
}

/** Every node that was entered has an active child if it is compound, and all of its regions if it is parallel. */
function assertWhole(next: NextConfiguration, { kind, slot, state, children }: ChartNode): void {
  if (kind === "compound" && next.read(slot) === 0) {
    throw new Uncompilable(state, "it is entered without any of its children.");
  }
  if (kind === "parallel") for (const child of children) assertWhole(next, child);
}

/** A machine that is done leaves all of its nodes as far as exit actions go, after every step; yet they stay active. */
function end(interpreter: Interpreter, next: NextConfiguration, event: EventObject, effects: Effects): void {
  const active: ChartNode[] = [];
  visitActive(next, interpreter.layout.root, isWatched, (node) => void active.push(node));
  active.sort((one, other) => other.order - one.order);
  for (const node of active) executeAt(interpreter, node, node.exit, event, effects);
}
