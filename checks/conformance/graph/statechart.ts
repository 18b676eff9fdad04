import type { AnyStateNode } from "xstate";
import { machineOf } from "../../../model/machine.js";
import type { Scope } from "../../../model/scope.js";
import type { Graph, GraphEdge, GraphNode } from "../../../traces/graph/graph.js";
import { identifierOf } from "../../../traces/trace/trace.js";
import { stateNodes } from "../../engine/chart.js";
import { coverageOf } from "../../engine/coverage.js";

/** The statechart of a scope as it is written: state nodes in each other, and an edge for each target of each guard branch. */
export function graphOfStatechart(scope: Scope, title: string): Graph {
  const machine = machineOf(scope);
  const states = stateNodes(machine);
  const places = new Map(states.map(({ id }, at) => [id, at]));
  const { transitions } = coverageOf(machine, () => 0, []);
  const edges = transitions.flatMap(({ source, event, guard, targets }): readonly GraphEdge[] => {
    const from = places.get(source) ?? 0;
    const label = `${event ?? "always"}${guard === null ? "" : ` [${guard}]`}`;
    return targets.length === 0
      ? [{ from, to: from, label }]
      : targets.map((target) => ({ from, to: places.get(target) ?? 0, label }));
  });
  return { kind: "statechart", title, nodes: states.map((state, at) => nodeOf(state, at, places)), edges };
}

function nodeOf(state: AnyStateNode, at: number, places: ReadonlyMap<string, number>): GraphNode {
  const { parent } = state;
  const isRegion = parent === undefined || parent.type === "parallel";
  return {
    name: `${identifierOf(state.key)}_${at}`,
    label: state.type === "parallel" ? `${state.key} (in parallel)` : state.key,
    initial: isRegion || parent.config.initial === state.key,
    final: state.type === "final",
    open: false,
    parent: parent === undefined ? null : (places.get(parent.id) ?? null),
  };
}
