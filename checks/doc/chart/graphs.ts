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

/** Draws a state node and what is in it. Refusals and calls without effect change no state: the tables have them. */
export function drawingOf({ title, of, inFull, without = [] }: Drawing): Graph {
  const inside = stateNodes(machineOf(DRAWN)).filter(
    ({ path }) =>
      of.every((name, at) => path[at] === name) && !path.slice(0, -1).some((name) => without.includes(name)),
  );
  const places = new Map(inside.map((node, at) => [node, at]));
  const edges = inside.flatMap((node) => edgesOf(node, places, inFull));
  return { kind: "statechart", title, nodes: inside.map((node, at) => nodeOf(node, at, places)), edges: once(edges) };
}

function edgesOf(node: AnyStateNode, places: ReadonlyMap<AnyStateNode, number>, inFull: boolean): readonly GraphEdge[] {
  const from = places.get(node) ?? 0;
  return transitionsOf(node).flatMap(({ transition }) => {
    const { event, guard } = identityOf(transition);
    if (PASSIVE_OPS.some((op) => event === `call.${op}`)) return [];
    const label = `${eventName(event)}${inFull && guard !== null ? ` [${guard}]` : ""}`;
    const targets: readonly AnyStateNode[] = transition.target ?? [];
    return targets.flatMap((target) => {
      const to = places.get(target);
      return to === undefined ? [] : [{ from, to, label }];
    });
  });
}

function nodeOf(node: AnyStateNode, at: number, places: ReadonlyMap<AnyStateNode, number>): GraphNode {
  const { parent, key } = node;
  const within = parent === undefined ? undefined : places.get(parent);
  const isRegion = within === undefined || parent?.type === "parallel";
  const label = at === 0 && node.path.length === 0 ? "seg_mf" : key.replace(/\d+$/, "");
  return {
    name: `${identifierOf(key)}_${at}`,
    label: node.type === "parallel" && at > 0 ? `${label} (in parallel)` : label,
    initial: isRegion || parent?.config.initial === key,
    final: node.type === "final",
    open: false,
    parent: within ?? null,
  };
}

function once(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to} ${edge.label}`, edge])).values()];
}
