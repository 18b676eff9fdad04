import { writeInline } from "../json/write.js";
import type { Graph } from "./graph.js";

export const GRAPH_FORMAT = "segmf-graph/1";

/** Writes a graph as JSON, a node or edge a line; `schemas/` has its JSON Schema. Nodes are named by their place in the list. */
export function writeGraphJson({ kind, title, nodes, edges }: Graph): string {
  const nodeLines = nodes.map(({ name, label, initial, final, open, parent }) =>
    writeInline({ name, label, initial, final, open, ...(parent === null ? {} : { parent }) }),
  );
  const edgeLines = edges.map(({ from, to, label }) => writeInline({ from, to, label }));
  return [
    `{ "format": "${GRAPH_FORMAT}",`,
    `  "kind": ${JSON.stringify(kind)},`,
    `  "title": ${JSON.stringify(title)},`,
    `  "nodes": ${lines(nodeLines)},`,
    `  "edges": ${lines(edgeLines)} }\n`,
  ].join("\n");
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? "[]" : `[\n    ${texts.join(",\n    ")} ]`;
}
