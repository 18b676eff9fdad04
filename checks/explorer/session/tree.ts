import type { Step } from "../../../traces/scenario/scenario.js";
import { sameStep } from "./steps.js";

/** A state that was visited, by the step that led to it. The root has no step. */
export interface TreeNode {
  /** Its place among the nodes of its tree: nodes are numbered in the order in which they were first visited, the root is 0. */
  readonly id: number;
  readonly parent: TreeNode | null;
  readonly step: Step | null;
  /** Steps from the root. */
  readonly depth: number;
}

/**
 * The history of a walk as a tree, immutable: where one goes back and takes another step a branch begins, and nothing is
 * lost. `at` is where one stands, `tip` is where the line ends that one stands on: undo goes up it, redo down.
 */
export interface Tree {
  readonly nodes: readonly TreeNode[];
  readonly at: TreeNode;
  readonly tip: TreeNode;
}

const ROOT: TreeNode = { id: 0, parent: null, step: null, depth: 0 };

/** Before anything has happened. */
export const EMPTY_TREE: Tree = { nodes: [ROOT], at: ROOT, tip: ROOT };

/** A tree of one line, with oneself at its beginning. */
export function lineOf(steps: readonly Step[]): Tree {
  const nodes: TreeNode[] = [ROOT];
  let tip = ROOT;
  for (const step of steps) {
    tip = { id: nodes.length, parent: tip, step, depth: tip.depth + 1 };
    nodes.push(tip);
  }
  return { nodes, at: ROOT, tip };
}

/** The tree after a step from where one stands. A step that was taken there before leads to where it led then. */
export function stepped(tree: Tree, step: Step): Tree {
  const { nodes, at } = tree;
  const known = childrenOf(tree, at).find((child) => child.step !== null && sameStep(child.step, step));
  if (known !== undefined) return jumped(tree, known.id);
  const node = { id: nodes.length, parent: at, step, depth: at.depth + 1 };
  return { nodes: [...nodes, node], at: node, tip: node };
}

/** One step back; the same tree at the root. */
export function undone(tree: Tree): Tree {
  return tree.at.parent === null ? tree : { ...tree, at: tree.at.parent };
}

/** One step on along the line; the same tree at its end. */
export function redone(tree: Tree): Tree {
  const next = lineTo(tree.tip)[tree.at.depth + 1];
  return next === undefined ? tree : { ...tree, at: next };
}

/** To any state that was visited. A jump off the line takes the line there, and on to where that branch was last followed. */
export function jumped(tree: Tree, id: number): Tree {
  const at = tree.nodes[id];
  if (at === undefined) return tree;
  const isOnLine = lineTo(tree.tip)[at.depth] === at;
  return { ...tree, at, tip: isOnLine ? tree.tip : lastBelow(tree, at) };
}

/** The nodes from the root to this one, both of them included. */
export function lineTo(node: TreeNode): readonly TreeNode[] {
  const line: TreeNode[] = [];
  for (let at: TreeNode | null = node; at !== null; at = at.parent) line.push(at);
  return line.reverse();
}

/** Where one went from a node, in the order in which one did. */
export function childrenOf({ nodes }: Tree, node: TreeNode): readonly TreeNode[] {
  return nodes.filter(({ parent }) => parent === node);
}

/** A tree from plain data: for each node but the root the number of its parent, and its step. Null if that makes no tree. */
export function treeFrom(parents: readonly number[], steps: readonly Step[], at: number, tip: number): Tree | null {
  const nodes: TreeNode[] = [ROOT];
  for (const [i, step] of steps.entries()) {
    const parent = nodes[parents[i] ?? -1];
    if (parent === undefined) return null;
    nodes.push({ id: i + 1, parent, step, depth: parent.depth + 1 });
  }
  const [here, end] = [nodes[at], nodes[tip]];
  if (here === undefined || end === undefined || lineTo(end)[here.depth] !== here) return null;
  return { nodes, at: here, tip: end };
}

function lastBelow(tree: Tree, node: TreeNode): TreeNode {
  const last = childrenOf(tree, node).at(-1);
  return last === undefined ? node : lastBelow(tree, last);
}
