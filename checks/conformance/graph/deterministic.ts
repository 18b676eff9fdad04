import type { Graph, GraphEdge } from "../../../traces/graph/graph.js";

/**
 * The smallest deterministic automaton with the same sequences of events, by subsets of nodes and then by merging those from which
 * the same is possible. A node is final if one of the nodes that it stands for is. Nodes are called `init`, `s1`, `s2`, … in the order in which
 * breadth-first search reaches them, events in the order of the alphabet.
 */
export function deterministic(graph: Graph): Graph {
  return renumbered(graph, merged(subsets(graph)));
}

/** An automaton: for each node whether it is final, and where each event leads. Begins at node 0. */
interface Automaton {
  readonly final: readonly boolean[];
  readonly next: readonly ReadonlyMap<string, number>[];
}

function subsets({ nodes, edges }: Graph): Automaton {
  const leading = leadingFrom(nodes.length, edges);
  const reached: (readonly number[])[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (members: ReadonlySet<number>): number => {
    const sorted = [...members].sort((a, b) => a - b);
    const key = sorted.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, reached.length);
    return reached.push(sorted) - 1;
  };
  numberOf(new Set([0]));
  const next: ReadonlyMap<string, number>[] = [];
  for (let at = 0; at < reached.length; at++) {
    const targets = new Map<string, Set<number>>();
    for (const { label, to } of (reached[at] ?? []).flatMap((member) => leading[member] ?? [])) {
      targets.set(label, (targets.get(label) ?? new Set()).add(to));
    }
    next.push(new Map([...targets].map(([label, members]) => [label, numberOf(members)])));
  }
  return { final: reached.map((members) => members.some((member) => nodes[member]?.final === true)), next };
}

function leadingFrom(nodes: number, edges: readonly GraphEdge[]): readonly (readonly GraphEdge[])[] {
  const leading: GraphEdge[][] = Array.from({ length: nodes }, () => []);
  for (const edge of edges) leading[edge.from]?.push(edge);
  return leading;
}

/** Splits classes of nodes until all of a class do the same (Moore), and takes one node for each. */
function merged({ final, next }: Automaton): Automaton {
  let classes: readonly number[] = final.map(Number);
  for (;;) {
    const finer = classesBy(
      next.map((events, at) => {
        const leads = [...events].map(([label, to]) => `${label}>${classes[to]}`).sort();
        return `${classes[at]}|${leads.join()}`;
      }),
    );
    if (new Set(finer).size === new Set(classes).size) break;
    classes = finer;
  }
  const numbered = classesBy(classes.map(String));
  const first = numbered.flatMap((number, at) => (numbered.indexOf(number) === at ? [at] : []));
  return {
    final: first.map((at) => final[at] === true),
    next: first.map((at) => new Map([...(next[at] ?? [])].map(([label, to]) => [label, numbered[to] ?? 0]))),
  };
}

/** Numbers for texts, by where each first comes. */
function classesBy(keys: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>();
  return keys.map((key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function renumbered({ kind, title }: Graph, { final, next }: Automaton): Graph {
  const order = [0];
  const places = new Map([[0, 0]]);
  const edges: GraphEdge[] = [];
  for (let from = 0; from < order.length; from++) {
    const events = next[order[from] ?? 0] ?? new Map<string, number>();
    for (const [label, target] of [...events].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const to = places.get(target) ?? order.push(target) - 1;
      places.set(target, to);
      edges.push({ from, to, label });
    }
  }
  const nodes = order.map((number, at) => {
    const name = at === 0 ? "init" : `s${at}`;
    return { name, label: name, initial: at === 0, final: final[number] === true, open: false, parent: null };
  });
  return { kind, title, nodes, edges };
}
