import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from "xstate";

/*
 * Which of the transitions that an event selects are taken. Regions of a parallel state node select independently, and
 * two transitions that would both exit the same state node can't both be taken: SCXML lets the one selected first win,
 * unless the other one's source lies inside its source. XState reports what was selected, so coverage has to ask again.
 */

type History = AnyMachineSnapshot["historyValue"];

/** Those of `selected` that are taken, given what was active and remembered before. */
export function taken(
  selected: readonly AnyTransitionDefinition[],
  before: AnyMachineSnapshot,
): readonly AnyTransitionDefinition[] {
  if (selected.length < 2 || !mayConflict(selected)) return selected;
  const exits = new Map(selected.map((transition) => [transition, exitSet(transition, before)]));
  const winners = new Set<AnyTransitionDefinition>();
  for (const transition of selected) {
    const rivals = [...winners].filter((other) => intersect(exits.get(transition), exits.get(other)));
    const outranked = rivals.filter((other) => isInside(transition.source, other.source));
    if (outranked.length < rivals.length) continue;
    for (const loser of outranked) winners.delete(loser);
    winners.add(transition);
  }
  return [...winners];
}

/** Cheap and on the safe side: transitions whose targets all lie inside their own source exit nothing outside it. */
function mayConflict(selected: readonly AnyTransitionDefinition[]): boolean {
  return selected.some((transition) => transition.target !== undefined && !staysInside(transition));
}

const inside = new WeakMap<AnyTransitionDefinition, boolean>();

function staysInside(transition: AnyTransitionDefinition): boolean {
  const known = inside.get(transition);
  if (known !== undefined) return known;
  const { source, target = [], reenter } = transition;
  const answer =
    !reenter && target.every((node) => node.type !== "history" && (node === source || isInside(node, source)));
  inside.set(transition, answer);
  return answer;
}

/** The active state nodes that the transition leaves (SCXML's exit set). */
function exitSet(transition: AnyTransitionDefinition, before: AnyMachineSnapshot): Set<AnyStateNode> {
  const left = new Set<AnyStateNode>();
  if (transition.target === undefined || transition.target.length === 0) return left;
  const domain = transitionDomain(transition, before.historyValue);
  for (const node of before._nodes) {
    if (domain === undefined || isInside(node, domain)) left.add(node);
  }
  return left;
}

/** The innermost state node that stays active throughout; `undefined` if even the root is left and entered again. */
function transitionDomain(transition: AnyTransitionDefinition, history: History): AnyStateNode | undefined {
  const { source, reenter } = transition;
  const targets = effectiveTargets(transition.target ?? [], history);
  if (!reenter && targets.every((node) => node === source || isInside(node, source))) return source;
  const ancestor = commonAncestor([...targets, source]);
  if (ancestor !== undefined) return ancestor;
  return reenter ? undefined : source.machine.root;
}

/** The targets, with history nodes replaced by what they stand for. */
function effectiveTargets(targets: readonly AnyStateNode[], history: History): AnyStateNode[] {
  return targets.flatMap((node): AnyStateNode[] => {
    if (node.type !== "history") return [node];
    return history[node.id] ?? effectiveTargets(historyDefault(node), history);
  });
}

function historyDefault(node: AnyStateNode): readonly AnyStateNode[] {
  const { parent } = node;
  if (parent === undefined) return [];
  const named: unknown = node.config.target;
  if (named === undefined) return parent.type === "parallel" ? [parent] : parent.initial.target;
  const names: readonly unknown[] = Array.isArray(named) ? named : [named];
  return names.map((name) => (typeof name === "string" ? resolve(parent, name) : (name as AnyStateNode)));
}

function resolve(parent: AnyStateNode, name: string): AnyStateNode {
  if (name.startsWith("#")) return parent.machine.getStateNodeById(name);
  let node = parent;
  for (const part of name.split(".")) node = node.states[part] ?? node;
  return node;
}

function commonAncestor(nodes: readonly AnyStateNode[]): AnyStateNode | undefined {
  const [first, ...others] = nodes;
  for (let ancestor = first?.parent; ancestor !== undefined; ancestor = ancestor.parent) {
    const candidate: AnyStateNode = ancestor;
    if (others.every((node) => isInside(node, candidate))) return candidate;
  }
  return undefined;
}

/** Whether `node` lies below `ancestor`. */
function isInside(node: AnyStateNode, ancestor: AnyStateNode): boolean {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (above === ancestor) return true;
  }
  return false;
}

function intersect(left: ReadonlySet<AnyStateNode> = new Set(), right: ReadonlySet<AnyStateNode> = new Set()): boolean {
  for (const node of left) {
    if (right.has(node)) return true;
  }
  return false;
}
