import type { AnyStateNode } from "xstate";
import { machineOf } from "../../../model/machine.js";
import { PASSIVE_OPS } from "../../../model/passive.js";
import { defineScope, FAULT_CLASSES } from "../../../model/scope.js";
import type { Graph, GraphEdge, GraphNode } from "../../../traces/graph/graph.js";
import { identifierOf } from "../../../traces/trace/trace.js";
import { stateNodes, transitionsOf } from "../../engine/chart.js";
import { eventName } from "./names.js";
import { identityOf } from "./transitions.js";

/** The chart of one page and one segment: all there is to draw, since others are alike. */
const DRAWN = defineScope({ pages: 1, domids: [7], faults: new Set(FAULT_CLASSES) });

export interface Drawing {
  readonly title: string;
  /** The path of the state node to draw, from the root. */
  readonly of: readonly string[];
  /** Whether arrows say their guards, too, and those that leave a state as it is are drawn. */
  readonly inFull: boolean;
  /** State nodes whose insides are left out. */
  readonly without?: readonly string[];
}

/**
 * Draws a state node and what is in it. Of what is neither parallel nor a region only the innermost states are drawn, by the names that the
 * tables have for them: some programs that draw Mermaid stumble over more. Refusals and calls without effect change no
 * state: the tables have them.
 */
export function drawingOf({ title, of, inFull, without = [] }: Drawing): Graph {
  const drawn = stateNodes(machineOf(DRAWN)).filter(
    (node) =>
      of.every((name, at) => node.path[at] === name) &&
      !node.path.slice(0, -1).some((name) => without.includes(name)) &&
      (isDrawn(node) || node.path.length === of.length),
  );
  const places = new Map(drawn.map((node, at) => [node, at]));
  const edges = drawn.flatMap((node) => edgesOf(node, places, inFull));
  return { kind: "statechart", title, nodes: drawn.map((node, at) => nodeOf(node, at, places)), edges: once(edges) };
}

/** Parallel states, regions, and states with nothing in them. */
function isDrawn({ type, parent }: AnyStateNode): boolean {
  return type !== "compound" || parent === undefined || parent.type === "parallel";
}

/** The transitions of a state that is drawn, and of those around it that are not. */
function edgesOf(node: AnyStateNode, places: ReadonlyMap<AnyStateNode, number>, inFull: boolean): readonly GraphEdge[] {
  const from = places.get(node) ?? 0;
  return [node, ...around(node, places)].flatMap(transitionsOf).flatMap(({ transition }) => {
    const { event, guard } = identityOf(transition);
    if (PASSIVE_OPS.some((op) => event === `call.${op}`)) return [];
    const label = `${eventName(event)}${inFull && guard !== null ? ` [${guard}]` : ""}`;
    const targets: readonly AnyStateNode[] = transition.target ?? [];
    return targets.flatMap((target) => {
      const to = places.get(begun(target, places));
      return to === undefined ? [] : [{ from, to, label }];
    });
  });
}

function around({ parent }: AnyStateNode, places: ReadonlyMap<AnyStateNode, number>): readonly AnyStateNode[] {
  return parent === undefined || places.has(parent) ? [] : [parent, ...around(parent, places)];
}

/** What is drawn of a state that is entered: itself, or what it begins with. */
function begun(node: AnyStateNode, places: ReadonlyMap<AnyStateNode, number>): AnyStateNode {
  const [first] = places.has(node) ? [] : node.initial.target;
  return first === undefined ? node : begun(first, places);
}

function nodeOf(node: AnyStateNode, at: number, places: ReadonlyMap<AnyStateNode, number>): GraphNode {
  const between = around(node, places);
  const within = (between.at(-1) ?? node).parent;
  const place = within === undefined ? undefined : places.get(within);
  // Nothing is drawn around the first.
  const names = at === 0 ? [node.key] : [...between.map(({ key }) => key).reverse(), node.key];
  const label = node.path.length === 0 ? "seg_mf" : names.map((key) => key.replace(/\d+$/, "")).join(".");
  return {
    name: `${identifierOf(node.key)}_${at}`,
    label: node.type === "parallel" && at > 0 ? `${label} (in parallel)` : label,
    initial: place === undefined || within?.type === "parallel" || (within !== undefined && begins(within, node)),
    final: node.type === "final",
    open: false,
    parent: place ?? null,
  };
}

/** Whether a state begins with this one, at any depth. */
function begins(state: AnyStateNode, node: AnyStateNode): boolean {
  if (state === node) return true;
  return state.type === "compound" && state.initial.target.some((first: AnyStateNode) => begins(first, node));
}

function once(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to} ${edge.label}`, edge])).values()];
}
