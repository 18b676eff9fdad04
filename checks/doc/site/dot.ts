import { arrowsOf, type Graph } from "../../../traces/graph/graph.js";

/**
 * A graph for Graphviz to lay out as a statechart is drawn: a node with nodes in it is a frame around them, and arrows end at
 * the frame. (`segmf graph --to dot` is for reading by programs as well, and names frames by nodes.)
 */
export function statechartDot({ nodes, edges }: Graph): string {
  const inside = nodes.map((_, at) => nodes.flatMap(({ parent }, child) => (parent === at ? [child] : [])));
  const isFrame = (at: number): boolean => (inside[at] ?? []).length > 0;
  const name = (at: number): string => nodes[at]?.name ?? "";
  /** The node that stands for a frame where an arrow ends: what it begins with. */
  const leaf = (at: number): number => {
    const children = inside[at] ?? [];
    const first = children.find((child) => nodes[child]?.initial === true) ?? children[0];
    return first === undefined ? at : leaf(first);
  };
  const block = (at: number, indent: string): readonly string[] => {
    const node = nodes[at];
    if (node === undefined) return [];
    if (!isFrame(at)) {
      const start =
        node.initial && hasSiblings(at)
          ? [
              `${indent}start_${node.name} [shape=point, width=0.1, height=0.1, label=""];`,
              `${indent}start_${node.name} -> ${node.name};`,
            ]
          : [];
      return [`${indent}${node.name} [label=${quoted([node.label])}${node.final ? ", peripheries=2" : ""}];`, ...start];
    }
    return [
      `${indent}subgraph cluster_${node.name} {`,
      `${indent}  label=${quoted([node.label])};`,
      ...(inside[at] ?? []).flatMap((child) => block(child, `${indent}  `)),
      `${indent}}`,
    ];
  };
  const hasSiblings = (at: number): boolean => {
    const parent = nodes[at]?.parent ?? null;
    return parent === null
      ? nodes.filter((node) => node.parent === null).length > 1
      : (inside[parent] ?? []).length > 1;
  };
  const arrows = arrowsOf(edges).map(({ from, to, labels }) => {
    const ends = [
      `label=${quoted(labels.flatMap(inLines))}`,
      ...(isFrame(from) && from !== to ? [`ltail=cluster_${name(from)}`] : []),
      ...(isFrame(to) && from !== to ? [`lhead=cluster_${name(to)}`] : []),
    ];
    return `  ${name(leaf(from))} -> ${name(leaf(to))} [${ends.join(", ")}];`;
  });
  const roots = nodes.flatMap(({ parent }, at) => (parent === null ? [at] : []));
  return [
    "digraph {",
    "  compound=true;",
    "  node [shape=box, style=rounded];",
    '  graph [style=rounded, labeljust=l, fontname="Helvetica", fontsize=12];',
    ...roots.flatMap((at) => block(at, "  ")),
    ...arrows,
    "}",
    "",
  ].join("\n");
}

/** A guard stands below its event: drawings are wide enough. */
function inLines(label: string): readonly string[] {
  return label.split(/ (?=\[)/);
}

/** Text in quotes, each line by itself and from the left. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((line) => `${line.replaceAll(/["\\]/g, "\\$&")}`).join("\\l")}${lines.length > 1 ? "\\l" : ""}"`;
}
