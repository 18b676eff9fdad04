import type { EventObject } from "xstate";
import { activeChild, regionsOf } from "./configuration.js";
import { constantGuard, evaluateGuard } from "./guards.js";
import { transitionDomain } from "./history.js";
import type { Interpreter } from "./interpreter.js";
import { type ChartNode, isInside } from "./layout.js";
import type { CompiledTransition, EventHandlers } from "./transitions.js";
import { Uncompilable } from "./uncompilable.js";

/** The transitions that an event selects: of each region the innermost, of one node's candidates the first that may. */
export function selectTransitions(interpreter: Interpreter, event: EventObject): CompiledTransition[] {
  const handlers = handlersOf(interpreter, event);
  const selected: CompiledTransition[] = [];
  selectBelow(interpreter, handlers, interpreter.layout.root, event, selected);
  return selected;
}

/**
 * Who considers an event. `prepare` has to be called before an evaluation begins for every event that may come up in it
 * for the first time; what comes up in the middle of one is taken without looking for guards that never change.
 */
function handlersOf({ transitions }: Interpreter, event: EventObject): EventHandlers {
  return transitions.handlers(event, () => null);
}

/** Finds out which guards say the same of an event in every state, so that nothing is read for their sake. */
export function prepare(interpreter: Interpreter, event: EventObject): void {
  const { trace, transitions } = interpreter;
  transitions.handlers(event, ({ guard }) => trace.blindly(() => constantGuard(interpreter, guard, event)));
}

/** Returns whether anything was selected at the node or below it. */
function selectBelow(
  interpreter: Interpreter,
  handlers: EventHandlers,
  node: ChartNode,
  event: EventObject,
  selected: CompiledTransition[],
): boolean {
  if (!handlers.concerns(node)) return false;
  let any = false;
  if (node.kind === "parallel") {
    for (const child of regionsOf(interpreter.layout, interpreter.trace, node)) {
      any = selectBelow(interpreter, handlers, child, event, selected) || any;
    }
  } else if (node.kind === "compound" && node.children.some((child) => handlers.concerns(child))) {
    const child = activeChild(interpreter.trace, node);
    any = child !== undefined && selectBelow(interpreter, handlers, child, event, selected);
  }
  if (any) return true;
  const own = firstThatMay(interpreter, handlers.candidates(node), event);
  if (own !== undefined) selected.push(own);
  return own !== undefined;
}

function firstThatMay(
  interpreter: Interpreter,
  candidates: readonly CompiledTransition[],
  event: EventObject,
): CompiledTransition | undefined {
  return candidates.find(({ source, guard }) => {
    if (guard === undefined) return true;
    interpreter.node = source;
    return evaluateGuard(interpreter, guard, event);
  });
}

/**
 * The eventless transitions that apply: for each active leaf the innermost, each once. XState takes them in the order in
 * which it entered the leaves, which is no part of the state; where that could make a difference, no table can hold it.
 */
export function selectEventless(interpreter: Interpreter, event: EventObject): readonly CompiledTransition[] {
  const { layout } = interpreter;
  if (!layout.root.eventless) return [];
  const selected = new Set<CompiledTransition>();
  eventlessBelow(interpreter, layout.root, event, selected);
  const all = [...selected];
  return all.length < 2 ? all : inAnyOrder(interpreter, all);
}

/** What is taken of several eventless transitions, provided that it is the same in whichever order they come. */
function inAnyOrder(interpreter: Interpreter, all: readonly CompiledTransition[]): readonly CompiledTransition[] {
  const kept = withoutConflicts(interpreter, all);
  const reversed = withoutConflicts(interpreter, all.toReversed());
  const clear = kept.length === all.length || (all.length === 2 && reversed[0] === kept[0]);
  if (clear && kept.filter(({ actions }) => actions.length > 0).length < 2) return kept;
  throw new Uncompilable(
    all[0]?.source.state ?? null,
    "eventless transitions of two regions are taken at once, and which of them comes first makes a difference.",
  );
}

/** Returns whether every active leaf below the node has found its transition. */
function eventlessBelow(
  interpreter: Interpreter,
  node: ChartNode,
  event: EventObject,
  selected: Set<CompiledTransition>,
): boolean {
  if (node.kind === "parallel" && node.children.length === 0) return true;
  let found: boolean | undefined;
  if (node.kind === "parallel" && node.children.some(({ eventless }) => eventless)) {
    const each = node.children.map((child) => eventlessBelow(interpreter, child, event, selected));
    found = each.every(Boolean);
  } else if (node.kind === "compound" && node.children.some(({ eventless }) => eventless)) {
    const child = activeChild(interpreter.trace, node);
    found = child !== undefined && eventlessBelow(interpreter, child, event, selected);
  }
  if (found === true) return true;
  const own = firstThatMay(interpreter, interpreter.transitions.eventless(node), event);
  if (own !== undefined) selected.add(own);
  return own !== undefined;
}

/**
 * Those of the selected transitions that are taken: two that would both leave the same node exclude each other, and the
 * one selected first wins unless the other's source lies inside its source.
 */
export function withoutConflicts(
  interpreter: Interpreter,
  selected: readonly CompiledTransition[],
): readonly CompiledTransition[] {
  if (selected.length < 2) return selected;
  const winners = new Set<CompiledTransition>();
  for (const transition of selected) {
    const outranked: CompiledTransition[] = [];
    let preempted = false;
    for (const other of winners) {
      if (!exclude(interpreter, transition, other)) continue;
      if (!isInside(transition.source, other.source)) {
        preempted = true;
        break;
      }
      outranked.push(other);
    }
    if (preempted) continue;
    for (const loser of outranked) winners.delete(loser);
    winners.add(transition);
  }
  return [...winners];
}

/** Whether both would leave some node: one's domain is the other's or lies above it, and there is something below both. */
function exclude(interpreter: Interpreter, left: CompiledTransition, right: CompiledTransition): boolean {
  if (!leaves(left) || !leaves(right)) return false;
  const one = transitionDomain(interpreter, left);
  const other = transitionDomain(interpreter, right);
  if (one?.children.length === 0 || other?.children.length === 0) return false;
  return one === other || one === null || other === null || isInside(other, one) || isInside(one, other);
}

function leaves({ targets }: CompiledTransition): boolean {
  return targets !== null && targets.length > 0;
}
