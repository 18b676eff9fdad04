import { markOf } from "../trace/mark.js";
import { identifierOf } from "../trace/trace.js";
import { arrowsOf, type Graph } from "./graph.js";

export const RV_FORMAT = "segmf-rv/1";

/**
 * Writes a deterministic automaton in the DOT dialect that Linux generates runtime-verification monitors from
 * (Documentation/trace/rv/deterministic_automata.rst): nodes first, a line each, the initial one shown by a node `__init_NAME`,
 * final ones as double circles, one word a label, names that are identifiers of C.
 *
 * Its reader takes the file line by line, and the first line as it is: so our mark comes second, and no line is empty.
 *
 * @throws Error for a graph in which an event leads to two nodes from one
 */
export function writeRv({ nodes, edges }: Graph): string {
  const [initial] = nodes;
  if (initial === undefined) throw new Error("a graph without nodes is no automaton");
  const events = edges.map((edge) => ({ ...edge, label: cIdentifier(edge.label) }));
  refuseChoice(events.map(({ from, label }) => `${from} ${label}`));
  const name = (at: number) => `"${nodes[at]?.name ?? ""}"`;
  return [
    "digraph state_automaton {",
    `\t// ${markOf(RV_FORMAT)}`,
    "\tcenter = true;",
    `\t{node [shape = plaintext, style=invis, label=""] "__init_${initial.name}"};`,
    ...nodes.map((node) => `\t{node [shape = ${node.final ? "doublecircle" : "circle"}] "${node.name}"};`),
    `\t"__init_${initial.name}" -> "${initial.name}";`,
    ...nodes.map((node) => `\t"${node.name}" [label = "${node.name}"];`),
    ...arrowsOf(events).map(
      ({ from, to, labels }) => `\t${name(from)} -> ${name(to)} [ label = "${labels.join("\\n")}" ];`,
    ),
    "\t{ rank = min ;",
    `\t\t"__init_${initial.name}";`,
    `\t\t"${initial.name}";`,
    "\t}",
    "}",
    "",
  ].join("\n");
}

function refuseChoice(taken: readonly string[]): void {
  if (new Set(taken).size < taken.length)
    throw new Error("an event leads to two nodes: the graph is no deterministic automaton");
}

function cIdentifier(label: string): string {
  const identifier = identifierOf(label);
  return /^[A-Za-z_]/.test(identifier) ? identifier : `e_${identifier}`;
}
