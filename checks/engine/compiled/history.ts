import type { AnyStateNode } from "xstate";
import type { Interpreter } from "./interpreter.js";
import type { ChartNode } from "./layout.js";
import { type CompiledTransition, domainOf } from "./transitions.js";
import { Uncompilable } from "./uncompilable.js";

/** What history nodes remember, and what transitions to them mean. */

/** The state nodes that a history node remembers; `null` before its parent was ever left. */
export function remembered(
  { trace, layout, remembered }: Interpreter,
  history: ChartNode,
): readonly ChartNode[] | null {
  const id = trace.read(history.slot);
  if (id === 0) return null;
  const orders = remembered.value(id) as readonly number[];
  // Orders are places in the list of nodes.
  return orders.map((order) => layout.nodes[order] as ChartNode);
}

export function remember({ trace, remembered }: Interpreter, history: ChartNode, nodes: readonly ChartNode[]): void {
  trace.write(history.slot, remembered.idOf(nodes.map(({ order }) => order).sort((left, right) => left - right)));
}

/** Where a history node leads that remembers nothing. `isInitial`: it is its parent's initial transition. */
export function historyDefault(
  interpreter: Interpreter,
  { state, parent }: ChartNode,
): { readonly targets: readonly ChartNode[]; readonly isInitial: boolean } {
  if (parent === null) throw new Uncompilable(state, "it is a history node without a parent.");
  const { layout } = interpreter;
  const named: unknown = state.config.target;
  if (named === undefined) {
    if (parent.kind === "parallel") return { targets: [parent], isInitial: false };
    return { targets: initialTargets(interpreter, parent), isInitial: true };
  }
  const names: readonly unknown[] = Array.isArray(named) ? named : [named];
  const targets = names.map((name) => layout.of(typeof name === "string" ? byPath(parent.state, name) : asNode(name)));
  return { targets, isInitial: false };
}

export function initialTargets({ layout }: Interpreter, node: ChartNode): readonly ChartNode[] {
  return node.state.initial.target.map((target: AnyStateNode) => layout.of(target));
}

function asNode(node: unknown): AnyStateNode {
  return node as AnyStateNode; // what a chart names otherwise than by a string is a state node itself
}

function byPath(parent: AnyStateNode, path: string): AnyStateNode {
  if (path.startsWith("#")) return parent.machine.getStateNodeById(path);
  if (path.includes("\\")) throw new Uncompilable(parent, "its history node's target has an escaped name.");
  let node = parent;
  for (const name of path.split(".")) {
    const below: AnyStateNode | undefined = node.states[name];
    if (below === undefined) throw new Uncompilable(parent, `its history node's target '${path}' does not exist.`);
    node = below;
  }
  return node;
}

/** The targets with history nodes replaced by what they stand for. */
export function effectiveTargets(interpreter: Interpreter, targets: readonly ChartNode[]): readonly ChartNode[] {
  if (targets.every(({ kind }) => kind !== "history")) return targets;
  const found = new Set<ChartNode>();
  for (const target of targets) {
    const stands =
      target.kind === "history"
        ? (remembered(interpreter, target) ??
          effectiveTargets(interpreter, historyDefault(interpreter, target).targets))
        : [target];
    for (const node of stands) found.add(node);
  }
  return [...found];
}

/** The innermost node that stays active throughout; `null` if even the root is left and entered again. */
export function transitionDomain(interpreter: Interpreter, transition: CompiledTransition): ChartNode | null {
  if (transition.domain !== "history") return transition.domain;
  const { source, targets, reenter } = transition;
  return domainOf(source, effectiveTargets(interpreter, targets ?? []), reenter, interpreter.layout.root);
}
