import type { InvariantId } from "../../../model/judged.js";
import { textOf } from "./steps.js";
import { childrenOf, lineTo, type Tree, type TreeNode } from "./tree.js";
import type { Walker } from "./walker.js";

/** One state of the line that one stands on, as the history shows it. */
export interface HistoryItem {
  readonly id: number;
  readonly depth: number;
  /** The step that led to it; "the start" for the first. */
  readonly text: string;
  readonly isHere: boolean;
  /** False if this driver can't come so far: it panicked before, or has no such segment. */
  readonly isMade: boolean;
  /** The invariants that the step broke. */
  readonly broken: readonly InvariantId[];
  readonly panic: string | null;
  /** False once the specification is no reference any more. */
  readonly reference: boolean;
  /** Other ways that were taken from this state. */
  readonly branches: readonly Branch[];
}

/** A way off the line: its first step, and how many states there are on it. */
export interface Branch {
  readonly id: number;
  readonly text: string;
  readonly states: number;
}

/** The line that one stands on, from the start to its end. */
export function historyOf(walker: Walker, tree: Tree): readonly HistoryItem[] {
  const line = lineTo(tree.tip);
  const forks = forksOf(tree);
  return line.map((node, i) => {
    const visit = walker.visit(node);
    const made = visit?.made ?? null;
    const others = forks.has(node) ? childrenOf(tree, node).filter((child) => child !== line[i + 1]) : [];
    return {
      id: node.id,
      depth: node.depth,
      text: node.step === null ? "the start" : textOf(node.step),
      isHere: node === tree.at,
      isMade: visit !== null,
      broken: [...new Set((made?.breaches ?? []).map(({ invariant }) => invariant))],
      panic: made?.judged.outcome.panic ?? null,
      reference: made?.reference ?? true,
      branches: others.map((child) => branchOf(tree, child)),
    };
  });
}

/** The nodes that have more than one child: asked once of the whole tree. */
function forksOf({ nodes }: Tree): ReadonlySet<TreeNode> {
  const parents = new Set<TreeNode>();
  const forks = new Set<TreeNode>();
  for (const { parent } of nodes) {
    if (parent === null) continue;
    if (parents.has(parent)) forks.add(parent);
    parents.add(parent);
  }
  return forks;
}

function branchOf(tree: Tree, node: TreeNode): Branch {
  const states = tree.nodes.filter((other) => lineTo(other)[node.depth] === node).length;
  return { id: node.id, text: node.step === null ? "" : textOf(node.step), states };
}
