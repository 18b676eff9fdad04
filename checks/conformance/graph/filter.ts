import type { Graph } from "../../../traces/graph/graph.js";

export interface GraphFilter {
  /** The name of the node to begin at, the first if none is given. */
  readonly from?: string;
  /** Only nodes that so many edges lead to are gone on from. */
  readonly depth?: number;
}

/**
 * What can be reached from a node within so many edges. Nodes keep their names and order, but for the one to begin at, which comes first;
 * those that are not gone on from are open. Null if there is no such node.
 */
export function filtered(graph: Graph, { from, depth = Number.POSITIVE_INFINITY }: GraphFilter): Graph | null {
  const start = from === undefined ? 0 : graph.nodes.findIndex(({ name }) => name === from);
  if (start < 0) return null;
  const distances = distancesFrom(start, graph, depth);
  const isExpanded = (at: number): boolean => (distances.get(at) ?? depth) < depth;
  const kept = [...distances.keys()].sort((a, b) => (a === start ? -1 : b === start ? 1 : a - b));
  const places = new Map(kept.map((at, place) => [at, place]));
  const ends = new Set(graph.edges.map((edge) => edge.from));
  return {
    ...graph,
    nodes: kept.flatMap((at) => {
      const node = graph.nodes[at];
      const open = node?.open === true || (ends.has(at) && !isExpanded(at));
      return node === undefined ? [] : [{ ...node, initial: at === start, open }];
    }),
    edges: graph.edges.flatMap((edge) => {
      const to = places.get(edge.to);
      const place = places.get(edge.from);
      return to === undefined || place === undefined || !isExpanded(edge.from) ? [] : [{ ...edge, from: place, to }];
    }),
  };
}

function distancesFrom(start: number, { nodes, edges }: Graph, depth: number): ReadonlyMap<number, number> {
  const leading: number[][] = nodes.map(() => []);
  for (const { from, to } of edges) leading[from]?.push(to);
  const distances = new Map([[start, 0]]);
  // A map gives what is put in while it is gone through.
  for (const [at, distance] of distances) {
    if (distance >= depth) continue;
    for (const to of leading[at] ?? []) if (!distances.has(to)) distances.set(to, distance + 1);
  }
  return distances;
}
