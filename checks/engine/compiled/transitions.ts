import type { AnyTransitionDefinition, EventObject } from "xstate";
import { isForbidden, matches, transitionsOf } from "../chart.js";
import { isInert } from "./inert.js";
import { type ChartNode, isInside, type Layout } from "./layout.js";

/** A transition of the chart, as the compiled engine takes it. */
export interface CompiledTransition {
  /** Its place among all transitions of the chart, in document order. */
  readonly number: number;
  readonly source: ChartNode;
  /** `null`: it stays where it is. */
  readonly targets: readonly ChartNode[] | null;
  readonly reenter: boolean;
  readonly guard: unknown;
  /** Those that can change what comes of a step. */
  readonly actions: readonly unknown[];
  readonly forbidden: boolean;
  /** Where it has no history node among its targets: the innermost node that stays active throughout. */
  readonly domain: ChartNode | null | "history";
  /** Set where nothing has to be done on the way but the transition's own actions. */
  readonly move: Move | null;
}

/** From one leaf below `domain` to another child of it; or nowhere. */
export type Move = { readonly target: null } | { readonly domain: ChartNode; readonly target: ChartNode };

/** All transitions of a chart, and which of them a state node considers for an event. */
export class Transitions {
  readonly all: readonly CompiledTransition[];
  readonly #of = new Map<AnyTransitionDefinition, CompiledTransition>();
  readonly #eventless: ReadonlyMap<ChartNode, readonly CompiledTransition[]>;
  readonly #handlers = new Map<EventObject, EventHandlers>();
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.all = layout.nodes
      .flatMap((node) => transitionsOf(node.state).map(({ transition }) => ({ node, transition })))
      .map(({ node, transition }, number) => this.#compile(layout, node, transition, number));
    this.#eventless = new Map(
      layout.nodes.map((node) => [node, (node.state.always ?? []).map((transition) => this.of(transition))]),
    );
  }

  of(transition: AnyTransitionDefinition): CompiledTransition {
    const known = this.#of.get(transition);
    if (known === undefined) throw new Error("a transition of another chart");
    return known;
  }

  eventless(node: ChartNode): readonly CompiledTransition[] {
    return this.#eventless.get(node) ?? [];
  }

  /**
   * Who considers an event.
   * @param constant what a transition's guard says of the event in every state; `null` where that depends on the state
   */
  handlers(event: EventObject, constant: (transition: CompiledTransition) => boolean | null): EventHandlers {
    let known = this.#handlers.get(event);
    if (known === undefined) {
      known = new EventHandlers(this.#layout, this, event.type, constant);
      this.#handlers.set(event, known);
    }
    return known;
  }

  #compile(layout: Layout, source: ChartNode, transition: AnyTransitionDefinition, number: number): CompiledTransition {
    const targets = transition.target === undefined ? null : transition.target.map((node) => layout.of(node));
    const plain = targets === null || targets.every(({ kind }) => kind !== "history");
    const domain = plain ? domainOf(source, targets ?? [], transition.reenter, layout.root) : ("history" as const);
    const compiled = {
      number,
      source,
      targets,
      reenter: transition.reenter,
      guard: transition.guard,
      actions: transition.actions.filter((action) => !isInert(layout.machine, action)),
      forbidden: isForbidden(transition),
      domain,
      move: moveOf(targets, domain),
    };
    this.#of.set(transition, compiled);
    return compiled;
  }
}

function moveOf(targets: readonly ChartNode[] | null, domain: CompiledTransition["domain"]): Move | null {
  if (targets === null) return { target: null };
  const [target] = targets;
  if (target === undefined || targets.length > 1 || domain === "history" || domain === null) return null;
  if (target.kind !== "atomic" || target.parent !== domain || domain.kind !== "compound") return null;
  if (target.entry.length > 0 || domain.children.some(({ watched }) => watched)) return null;
  return { domain, target };
}

/** Who considers one type of event: the candidates at each node, the more exact descriptors first. */
export class EventHandlers {
  readonly #candidates = new Map<ChartNode, readonly CompiledTransition[]>();
  readonly #inside = new Set<ChartNode>();

  constructor(layout: Layout, transitions: Transitions, type: string, constant: Constant) {
    for (const node of layout.nodes) {
      const descriptors = [...node.state.transitions.keys()].filter((descriptor) => matches(type, descriptor));
      const exactFirst = descriptors.sort((left, right) => rank(type, left) - rank(type, right));
      const written = exactFirst.flatMap((descriptor) => node.state.transitions.get(descriptor) ?? []);
      const found = worthAsking(
        written.map((transition) => transitions.of(transition)),
        constant,
      );
      if (found.length === 0) continue;
      this.#candidates.set(node, found);
      for (let at: ChartNode | null = node; at !== null; at = at.parent) this.#inside.add(at);
    }
  }

  candidates(node: ChartNode): readonly CompiledTransition[] {
    return this.#candidates.get(node) ?? NO_CANDIDATES;
  }

  /** Whether the node or one below it considers the event. */
  concerns(node: ChartNode): boolean {
    return this.#inside.has(node);
  }
}

type Constant = (transition: CompiledTransition) => boolean | null;

/** Those candidates that can be selected at all. */
function worthAsking(candidates: readonly CompiledTransition[], constant: Constant): readonly CompiledTransition[] {
  const found: CompiledTransition[] = [];
  for (const candidate of candidates) {
    const always = candidate.guard === undefined ? true : constant(candidate);
    if (always !== false) found.push(candidate);
    if (always === true) break;
  }
  return found;
}

const NO_CANDIDATES: readonly CompiledTransition[] = [];

/** The exact descriptor, then the longer ones. Sorting is stable, so among equals the first written comes first. */
function rank(type: string, descriptor: string): number {
  return descriptor === type ? Number.NEGATIVE_INFINITY : -descriptor.length;
}

/**
 * The innermost node that a transition leaves active; `null` if even the root is left and entered again.
 * @param targets without history nodes
 */
export function domainOf(
  source: ChartNode,
  targets: readonly ChartNode[],
  reenter: boolean,
  root: ChartNode,
): ChartNode | null {
  if (!reenter && targets.every((target) => target === source || isInside(target, source))) return source;
  const all = [...targets, source];
  const [first, ...others] = all;
  for (let ancestor = first?.parent ?? null; ancestor !== null; ancestor = ancestor.parent) {
    const candidate = ancestor;
    if (others.every((node) => isInside(node, candidate))) return candidate;
  }
  return reenter ? null : root;
}
