import type { ChartNode, Layout } from "../compiled/layout.js";
import { badSymmetry } from "./refusals.js";
import type { AnySymmetry } from "./symmetry.js";

/** The state nodes of each thing of a declaration, those of one thing in one order with those of any other. */
export interface Regions {
  /** By thing: all state nodes of its, in document order. */
  readonly nodes: readonly (readonly ChartNode[])[];
  /** By thing: the slots of its compound state nodes. */
  readonly slots: readonly (readonly number[])[];
}

/**
 * Finds the state nodes of all declarations, and makes sure that things look alike and that no two share a state node.
 * @throws EngineError `bad-option`
 */
export function regionsOf(layout: Layout, symmetries: readonly AnySymmetry[]): readonly Regions[] {
  const owners = new Map<ChartNode, string>();
  return symmetries.map((symmetry, index) => {
    const roots = Array.from({ length: symmetry.things }, (_, thing) => rootsOf(layout, symmetry, index, thing));
    const nodes = roots.map((own) => own.flatMap(subtree));
    nodes.forEach((own, thing) => {
      for (const node of own) claim(owners, node, `symmetry[${index}], thing ${thing}`, index);
    });
    for (const own of roots) assertAlike(roots[0] ?? [], own, index);
    const slots = nodes.map((own) => own.filter(({ kind }) => kind === "compound").map(({ slot }) => slot));
    return { nodes, slots };
  });
}

function rootsOf(layout: Layout, { regions }: AnySymmetry, index: number, thing: number): readonly ChartNode[] {
  if (regions === undefined) return [];
  const given = regions(thing);
  const names = typeof given === "string" ? [given] : given;
  return names.map((name) => {
    const found = layout.nodes.find(({ state }) => state.id === name || state.path.join(".") === name);
    if (found === undefined) throw badSymmetry(index, `.regions(${thing}): there is no state node '${name}'.`);
    if (found.parent?.kind === "parallel") return found;
    throw badSymmetry(index, `.regions(${thing}): state node '${name}' is no region of a parallel one.`);
  });
}

function subtree(node: ChartNode): readonly ChartNode[] {
  return [node, ...node.histories, ...node.children.flatMap(subtree)];
}

function claim(owners: Map<ChartNode, string>, node: ChartNode, owner: string, index: number): void {
  const before = owners.get(node);
  if (before !== undefined) {
    throw badSymmetry(index, `.regions: state node '${node.state.id}' belongs to two things (${before}; ${owner}).`);
  }
  owners.set(node, owner);
}

function assertAlike(first: readonly ChartNode[], other: readonly ChartNode[], index: number): void {
  if (first.length !== other.length)
    throw badSymmetry(index, ".regions: not all things have equally many state nodes.");
  first.forEach((node, at) => {
    const counterpart = other[at];
    if (counterpart?.parent !== node.parent) {
      throw badSymmetry(
        index,
        `.regions: '${node.state.id}' and '${counterpart?.state.id}' are not regions of one state node.`,
      );
    }
    assertSameShape(node, counterpart, index, true);
  });
}

function assertSameShape(left: ChartNode, right: ChartNode, index: number, isRoot: boolean): void {
  const isSame =
    left.kind === right.kind &&
    (isRoot || left.state.key === right.state.key) &&
    left.state.history === right.state.history &&
    left.children.length === right.children.length &&
    left.histories.length === right.histories.length;
  if (!isSame) {
    throw badSymmetry(index, `.regions: state nodes '${left.state.id}' and '${right.state.id}' don't look alike.`);
  }
  for (const inner of ["histories", "children"] as const) {
    left[inner].forEach((child, at) => {
      // Equally many, as has just been seen.
      assertSameShape(child, right[inner][at] as ChartNode, index, false);
    });
  }
}
