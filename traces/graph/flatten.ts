import type { Graph, GraphNode } from "./graph.js";

/**
 * The graph without the nodes in the middle: what is in a node that is neither outermost nor a region, and whose own insides are no regions, is
 * put beside it, by both their names; edges that begin at it begin at each node in it, those that end at it at the one that it begins with.
 */
export function flattened(graph: Graph): Graph {
  const { nodes, edges } = graph;
  const inside = (at: number | null): readonly number[] =>
    nodes.flatMap(({ parent }, inner) => (parent === at ? [inner] : []));
  const isInitial = (at: number): boolean => nodes[at]?.initial === true;
  const hasRegions = (at: number): boolean => areRegions(inside(at).flatMap((inner) => nodes[inner] ?? []));
  const gone = new Set(
    nodes.flatMap(({ parent }, at) =>
      parent !== null && !hasRegions(parent) && inside(at).length > 0 && !hasRegions(at) ? [at] : [],
    ),
  );
  const around = ({ parent }: GraphNode): readonly number[] => {
    const outer = parent === null ? undefined : nodes[parent];
    return parent === null || outer === undefined || !gone.has(parent) ? [] : [parent, ...around(outer)];
  };
  const first = (at: number): number => {
    const inner = inside(at);
    return gone.has(at) ? first(inner.find(isInitial) ?? inner[0] ?? at) : at;
  };
  const all = (at: number): readonly number[] => (gone.has(at) ? inside(at).flatMap(all) : [at]);
  const kept = [...nodes.keys()].filter((at) => !gone.has(at));
  const places = new Map(kept.map((at, place) => [at, place]));
  const place = (at: number): number => places.get(at) ?? 0;
  const moved = (node: GraphNode): GraphNode => {
    const between = around(node);
    const outermost = nodes[between.at(-1) ?? -1] ?? node;
    return {
      ...node,
      label: [...between.map((at) => nodes[at]?.label ?? "").reverse(), node.label].join("."),
      initial: node.initial && between.every(isInitial),
      parent: outermost.parent === null ? null : place(outermost.parent),
    };
  };
  return {
    ...graph,
    nodes: kept.flatMap((at) => nodes[at] ?? []).map(moved),
    edges: edges.flatMap(({ from, to, label }) =>
      all(from).map((each) => ({ from: place(each), to: place(first(to)), label })),
    ),
  };
}

/** Of the nodes in one: several that come first are regions. */
export function areRegions(inner: readonly GraphNode[]): boolean {
  return inner.filter(({ initial }) => initial).length > 1;
}
