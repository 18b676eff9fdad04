import { escaped } from "../mermaid/escape.js";
import { markOf } from "../trace/mark.js";
import { areRegions, flattened } from "./flatten.js";
import { arrowsOf, type Graph, type GraphEdge, type GraphNode } from "./graph.js";

export const MERMAID_GRAPH_FORMAT = "segmf-mermaid-state/1";

/**
 * Writes a graph as a Mermaid state diagram. Mermaid has no arrows between the insides of two nodes: such an edge is drawn between
 * the outer ones, and its label says where it begins and ends. What is nested deep, and has arrows, it often fails to lay out: nodes
 * in the middle are left out.
 */
export function writeMermaidGraph(graph: Graph): string {
  const { title, nodes, edges } = flattened(graph);
  const levels = new Map<number | null, GraphEdge[]>();
  for (const edge of edges) {
    const { within, lifted } = lift(nodes, edge);
    levels.set(within, [...(levels.get(within) ?? []), lifted]);
  }
  const name = (at: number) => nodes[at]?.name ?? "";
  const level = (within: number | null, indent: string): readonly string[] => {
    const inner = nodes.flatMap((node, at) => (node.parent === within ? [{ node, at }] : []));
    // A line of dashes parts regions.
    const isParted = areRegions(inner.map(({ node }) => node));
    return [
      ...inner.flatMap(({ node, at }, index) => [
        ...(isParted && index > 0 ? [`${indent}--`] : []),
        ...nodeLines(node, at, indent, isParted),
      ]),
      ...arrowsOf(levels.get(within) ?? []).map(
        ({ from, to, labels }) => `${indent}${name(from)} --> ${name(to)} : ${labels.map(arrowText).join("<br/>")}`,
      ),
    ];
  };
  const nodeLines = (node: GraphNode, at: number, indent: string, isRegion: boolean): readonly string[] => {
    const hasChildren = nodes.some(({ parent }) => parent === at);
    const declared = `${indent}state "${nodeText(node)}" as ${node.name}`;
    return [
      ...(hasChildren ? [`${declared} {`, ...level(at, `${indent}  `), `${indent}}`] : [declared]),
      ...(node.initial && !isRegion ? [`${indent}[*] --> ${node.name}`] : []),
      ...(node.final ? [`${indent}${node.name} --> [*]`] : []),
    ];
  };
  return [`%% ${markOf(MERMAID_GRAPH_FORMAT)}`, `%% ${title}`, "stateDiagram-v2", ...level(null, "  "), ""].join("\n");
}

/** Mermaid takes no empty text: what has no label is called by its name. */
function nodeText({ name, label, open }: GraphNode): string {
  const shown = label === "" ? name : label;
  return `${shown.split("\n").map(escaped).join("<br/>")}${open ? " …" : ""}`;
}

/** Where a colon would begin another description. */
function arrowText(label: string): string {
  return escaped(label).replaceAll(":", "#58;");
}

/** The edge between two nodes of one level, and the node that they are both in. */
function lift(
  nodes: readonly GraphNode[],
  edge: GraphEdge,
): { readonly within: number | null; readonly lifted: GraphEdge } {
  const from = outwards(nodes, edge.from);
  const to = outwards(nodes, edge.to);
  const withParent = (at: number): number | null => nodes[at]?.parent ?? null;
  const pair = from.flatMap((outer) => {
    const other = to.find((each) => withParent(each) === withParent(outer));
    return other === undefined ? [] : [{ from: outer, to: other }];
  })[0];
  const { from: start, to: end } = pair ?? edge;
  const isWhole = start === edge.from && end === edge.to;
  const label = isWhole ? edge.label : `${edge.label} (${nodes[edge.from]?.label} to ${nodes[edge.to]?.label})`;
  return { within: withParent(start), lifted: { from: start, to: end, label } };
}

/** A node, the one it is in, and so on. */
function outwards(nodes: readonly GraphNode[], at: number): readonly number[] {
  const parent = nodes[at]?.parent ?? null;
  return parent === null ? [at] : [at, ...outwards(nodes, parent)];
}
