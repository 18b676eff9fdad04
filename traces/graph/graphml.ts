import { comment, element, textElement } from "../svg/xml.js";
import { markOf } from "../trace/mark.js";
import type { Graph, GraphNode } from "./graph.js";

export const GRAPHML_FORMAT = "segmf-graphml/1";

/** What is said of nodes and edges, with its type. */
const KEYS = [
  { id: "label", for: "node", type: "string" },
  { id: "initial", for: "node", type: "boolean" },
  { id: "final", for: "node", type: "boolean" },
  { id: "open", for: "node", type: "boolean" },
  { id: "parent", for: "node", type: "string" },
  { id: "event", for: "edge", type: "string" },
] as const;

/** Writes a graph as GraphML, flat: the node that a node is in is its datum `parent`, since few readers take graphs within nodes. */
export function writeGraphml({ kind, nodes, edges }: Graph): string {
  const name = (at: number) => nodes[at]?.name ?? "";
  const keys = KEYS.map((key) =>
    element("key", { id: key.id, for: key.for, "attr.name": key.id, "attr.type": key.type }),
  );
  const children = [
    ...nodes.map((node) => element("node", { id: node.name }, dataOf(node, nodes))),
    ...edges.map(({ from, to, label }, number) =>
      element("edge", { id: `e${number}`, source: name(from), target: name(to) }, [datum("event", label)]),
    ),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    comment(markOf(GRAPHML_FORMAT)),
    element("graphml", { xmlns: "http://graphml.graphdrawing.org/xmlns" }, [
      ...keys,
      element("graph", { id: kind, edgedefault: "directed" }, children),
    ]),
    "",
  ].join("\n");
}

function dataOf({ label, initial, final, open, parent }: GraphNode, nodes: readonly GraphNode[]): readonly string[] {
  const within = parent === null ? undefined : nodes[parent];
  return [
    datum("label", label),
    ...(initial ? [datum("initial", "true")] : []),
    ...(final ? [datum("final", "true")] : []),
    ...(open ? [datum("open", "true")] : []),
    ...(within === undefined ? [] : [datum("parent", within.name)]),
  ];
}

function datum(key: (typeof KEYS)[number]["id"], text: string): string {
  return textElement("data", { key }, text);
}
