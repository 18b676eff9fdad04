import type { Graph } from "./graph.js";

/** What it is called. Its files can't say so: the format has no comments. */
export const AUT_FORMAT = "segmf-aut/1";

/**
 * Writes a graph in the Aldebaran format, for bisimulation tools (CADP, mCRL2, ltsmin): `des (first, transitions, states)`, then a line
 * for each transition. Nodes are numbered by their place; what they are called is lost.
 */
export function writeAut({ nodes, edges }: Graph): string {
  const lines = edges.map(({ from, to, label }) => `(${from}, ${quoted(label)}, ${to})`);
  return [`des (0, ${edges.length}, ${nodes.length})`, ...lines, ""].join("\n");
}

/** Readers differ in whether a quoted label may hold a quote, and in what ends a line: ours hold neither. */
function quoted(label: string): string {
  return `"${label.replaceAll('"', "'").replaceAll(/\s+/g, " ")}"`;
}
