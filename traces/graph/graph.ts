/** What a graph is of: every state, the states at rest with whole calls between them, the protocol alone, or the statechart as it is written. */
export type GraphKind = "states" | "calls" | "protocol" | "statechart";

/** A graph to be written: plain data, whatever it was made from. Nodes are named by their place in the list. */
export interface Graph {
  readonly kind: GraphKind;
  /** What it shows, on one line. */
  readonly title: string;
  /** The one that everything begins at comes first. A parent comes before its children. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** An identifier of C, different for each node. */
  readonly name: string;
  /** What it is, in words; several lines perhaps. */
  readonly label: string;
  /** Whether what it is in begins with it. */
  readonly initial: boolean;
  /** Whether a run may well end here: nothing is left of any segment. */
  readonly final: boolean;
  /** Whether a filter left out what leads on from it. */
  readonly open: boolean;
  /** The node that it is in; only a statechart has any. */
  readonly parent: number | null;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Edges between the same two nodes, which a drawing shows as one arrow. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly labels: readonly string[];
}

/** In the order in which the first edge of each comes. */
export function arrowsOf(edges: readonly GraphEdge[]): readonly Arrow[] {
  const arrows = new Map<string, Arrow & { readonly labels: string[] }>();
  for (const { from, to, label } of edges) {
    const key = `${from} ${to}`;
    const arrow = arrows.get(key);
    if (arrow === undefined) arrows.set(key, { from, to, labels: [label] });
    else arrow.labels.push(label);
  }
  return [...arrows.values()];
}
