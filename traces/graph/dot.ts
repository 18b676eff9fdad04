import { markOf } from "../trace/mark.js";
import { arrowsOf, type Graph, type GraphNode } from "./graph.js";

export const DOT_FORMAT = "segmf-dot/1";

/**
 * Writes a graph for Graphviz. Edges between the same two nodes are one arrow with a line for each; a doubled frame is a final node,
 * a dashed one a node from which more leads on than is shown. A node with children is a cluster that bears its own name.
 */
export function writeDot({ title, nodes, edges }: Graph): string {
  const children = nodes.map((_, at) => nodes.flatMap(({ parent }, child) => (parent === at ? [child] : [])));
  const roots = nodes.flatMap(({ parent }, at) => (parent === null ? [at] : []));
  const block = (at: number, indent: string): readonly string[] => {
    const node = nodes[at];
    const inner = children[at] ?? [];
    if (node === undefined) return [];
    if (inner.length === 0) return [`${indent}${node.name} [${attributes(node)}];`];
    return [
      `${indent}subgraph cluster_${node.name} {`,
      `${indent}  ${node.name} [shape=plaintext, label=${quoted([node.label])}];`,
      ...inner.flatMap((child) => block(child, `${indent}  `)),
      `${indent}}`,
    ];
  };
  const name = (at: number) => nodes[at]?.name ?? "";
  return [
    `// ${markOf(DOT_FORMAT)}`,
    "digraph segmf {",
    `  label=${quoted([title])};`,
    "  node [shape=box, style=rounded];",
    ...roots.flatMap((at) => block(at, "  ")),
    ...nodes.flatMap((node) => (node.initial ? startOf(node) : [])),
    ...arrowsOf(edges).map(({ from, to, labels }) => `  ${name(from)} -> ${name(to)} [label=${quoted(labels)}];`),
    "}",
    "",
  ].join("\n");
}

/** The dot from which an arrow leads to the node that comes first. */
function startOf({ name }: GraphNode): readonly string[] {
  return [`  start_${name} [shape=point];`, `  start_${name} -> ${name};`];
}

function attributes({ label, final, open }: GraphNode): string {
  return [
    `label=${quoted([label])}`,
    ...(final ? ["peripheries=2"] : []),
    ...(open ? ['style="rounded,dashed"'] : []),
  ].join(", ");
}

/** Text in quotes, each line by itself. */
function quoted(lines: readonly string[]): string {
  return `"${lines
    .flatMap((line) => line.split(/\r?\n/))
    .map(plain)
    .join("\\n")}"`;
}

/** Graphviz takes `&amp;` and the like for characters, and does not bear a line without any width. */
function plain(line: string): string {
  const visible = line.replaceAll(/\p{Cc}/gu, " ");
  return visible === "" ? " " : visible.replaceAll("&", "&amp;").replaceAll(/["\\]/g, "\\$&");
}
