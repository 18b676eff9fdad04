import { effectiveTargets, historyDefault, initialTargets, remembered, transitionDomain } from "./history.js";
import type { Interpreter } from "./interpreter.js";
import { type ChartNode, isInside } from "./layout.js";
import type { CompiledTransition } from "./transitions.js";

/** The state nodes that a microstep enters. */
export class EntrySet {
  readonly enter = new Set<ChartNode>();
  /** Those that are entered by default, so that the actions of their initial transitions are due. */
  readonly byDefault = new Set<ChartNode>();
  readonly #interpreter: Interpreter;

  constructor(interpreter: Interpreter, transitions: readonly CompiledTransition[]) {
    this.#interpreter = interpreter;
    for (const transition of transitions) this.#addTransition(transition);
  }

  /** In the order in which they are entered. */
  inOrder(): readonly ChartNode[] {
    return [...this.enter].sort((left, right) => left.order - right.order);
  }

  #addTransition(transition: CompiledTransition): void {
    const { source, targets, reenter } = transition;
    if (targets === null) return;
    const domain = transitionDomain(this.#interpreter, transition);
    for (const target of targets) {
      if (target.kind !== "history" && (source !== target || source !== domain || reenter)) {
        this.enter.add(target);
        this.byDefault.add(target);
      }
      this.#addDescendants(target);
    }
    const limit = source.parent === null && reenter ? null : domain;
    for (const target of effectiveTargets(this.#interpreter, targets)) {
      const ancestors = ancestorsBelow(target, domain);
      if (domain?.kind === "parallel") ancestors.push(domain);
      this.#addAncestors(ancestors, limit);
    }
  }

  #addDescendants(node: ChartNode): void {
    switch (node.kind) {
      case "history":
        this.#addHistory(node);
        break;
      case "compound":
        this.#addInitial(node);
        break;
      case "parallel":
        for (const child of node.children) {
          if (this.#hasBelow(child)) continue;
          this.enter.add(child);
          this.byDefault.add(child);
          this.#addDescendants(child);
        }
        break;
      default:
    }
  }

  #addHistory(history: ChartNode): void {
    const nodes = remembered(this.#interpreter, history);
    if (nodes !== null) {
      for (const node of nodes) {
        this.enter.add(node);
        this.#addDescendants(node);
      }
      for (const node of nodes) this.#addAncestors(ancestorsBelow(node, history.parent), null);
      return;
    }
    const { targets, isInitial } = historyDefault(this.#interpreter, history);
    for (const target of targets) {
      this.enter.add(target);
      if (isInitial && history.parent !== null) this.byDefault.add(history.parent);
      this.#addDescendants(target);
    }
    for (const target of targets) this.#addAncestors(ancestorsBelow(target, history.parent), null);
  }

  #addInitial(node: ChartNode): void {
    const [initial] = initialTargets(this.#interpreter, node);
    if (initial === undefined) return;
    if (initial.kind !== "history") {
      this.enter.add(initial);
      this.byDefault.add(initial);
    }
    this.#addDescendants(initial);
    this.#addAncestors(ancestorsBelow(initial, node), null);
  }

  /** @param limit only what lies below it is entered itself; `null`: all */
  #addAncestors(ancestors: readonly ChartNode[], limit: ChartNode | null): void {
    for (const ancestor of ancestors) {
      if (isInside(ancestor, limit)) this.enter.add(ancestor);
      if (ancestor.kind !== "parallel") continue;
      for (const child of ancestor.children) {
        if (this.#hasBelow(child)) continue;
        this.enter.add(child);
        this.#addDescendants(child);
      }
    }
  }

  #hasBelow(node: ChartNode): boolean {
    for (const entered of this.enter) {
      if (isInside(entered, node)) return true;
    }
    return false;
  }
}

/** The nodes between a node and one above it, both excluded, from below. None if the two are one. */
function ancestorsBelow(node: ChartNode, top: ChartNode | null): ChartNode[] {
  const ancestors: ChartNode[] = [];
  if (node === top) return ancestors;
  for (let at = node.parent; at !== null && at !== top; at = at.parent) ancestors.push(at);
  return ancestors;
}
