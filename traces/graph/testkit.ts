import fc from "fast-check";
import { SaxesParser } from "saxes";
import type { Graph, GraphNode } from "./graph.js";

/** For tests: any graph, and strict readers of what is written of one. Each throws at whatever its format does not have. */

export interface ReadGraph {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

const label = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom(..."\\\"<>&'-;: a\t") }));

/** Flat or nested, connected or not. */
export const graphArbitrary: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(fc.record({ label, final: fc.boolean(), within: fc.nat() }), { minLength: 1, maxLength: 6 }),
    fc.boolean(),
  )
  .chain(([given, nests]) => {
    const nodes = given.map(
      ({ label, final, within }, at): GraphNode => ({
        name: `n${at}`,
        label,
        initial: at === 0,
        final,
        open: !final,
        parent: nests && at > 0 && within % 3 > 0 ? within % at : null,
      }),
    );
    const place = fc.nat({ max: nodes.length - 1 });
    return fc
      .array(fc.record({ from: place, to: place, label }), { maxLength: 10 })
      .map((edges): Graph => ({ kind: "states", title: "any", nodes, edges }));
  });

/** What a reader of a format that keeps everything has to come to. */
export function namesIn({ nodes, edges }: Graph): ReadGraph {
  const name = (at: number) => nodes[at]?.name ?? "";
  return {
    nodes: nodes.map((node) => node.name),
    edges: edges.map(({ from, to, label: text }) => ({ from: name(from), to: name(to), label: text })),
  };
}

/** Aldebaran: the header's numbers must be those of what follows. Nodes are called by their numbers. */
export function readAut(text: string): ReadGraph {
  const [header = "", ...lines] = text.split("\n");
  const [, transitions, states] = /^des \(0, (\d+), (\d+)\)$/.exec(header) ?? fail(header);
  if (lines.pop() !== "") fail("the last line has no end");
  const edges = lines.map((line) => {
    const [, from = "", text = "", to = ""] = /^\((\d+), "([^"\n]*)", (\d+)\)$/.exec(line) ?? fail(line);
    if (Number(from) >= Number(states) || Number(to) >= Number(states)) fail(line);
    return { from, to, label: text };
  });
  if (edges.length !== Number(transitions)) fail(header);
  return { nodes: Array.from({ length: Number(states) }, (_, at) => String(at)), edges };
}

/** GraphML, through a strict XML parser: edges must lead between nodes that there are, data must be declared. */
export function readGraphml(text: string): ReadGraph {
  const nodes: string[] = [];
  const edges: { from: string; to: string; label: string }[] = [];
  const keys = new Set<string>();
  let key: string | null = null;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const given = attributes as Readonly<Record<string, string>>;
    if (name === "key") keys.add(given.id ?? "");
    if (name === "node") nodes.push(given.id ?? "");
    if (name === "edge") edges.push({ from: given.source ?? "", to: given.target ?? "", label: "" });
    if (name === "data") key = keys.has(given.key ?? "") ? (given.key ?? null) : fail(given.key ?? "");
  });
  parser.on("closetag", () => {
    key = null;
  });
  parser.on("text", (value) => {
    const edge = edges.at(-1);
    if (key === "event" && edge !== undefined) edge.label += value;
  });
  parser.write(text).close();
  const known = new Set(nodes);
  if (known.size < nodes.length) fail("a node twice");
  for (const { from, to } of edges) if (!known.has(from) || !known.has(to)) fail(`${from} ${to}`);
  return { nodes, edges };
}

export interface Automaton extends ReadGraph {
  readonly initial: string;
  readonly final: readonly string[];
}

/** The Linux dialect, line by line as the kernel's generator takes it: node lines first, then the initial arrow, then transitions. */
export function readRv(text: string): Automaton {
  const lines = text.split("\n");
  if (!/^digraph state_automaton \{$/.test(lines[0] ?? "")) fail(lines[0] ?? "");
  const first = lines.findIndex((line) => line.trim().startsWith("{node"));
  const last = lines.findIndex((line, at) => at > first && !line.trim().startsWith("{node"));
  const declared = lines.slice(first, last).map((line) => {
    const [, shape = "", name = ""] =
      /^\t\{node \[shape = (circle|doublecircle|plaintext)(?:, style=invis, label="")?\] "([A-Za-z_]\w*)"\};$/.exec(
        line,
      ) ?? fail(line);
    return { shape, name };
  });
  const hidden = declared.filter(({ name }) => name.startsWith("__init_"));
  const states = declared.filter(({ name }) => !name.startsWith("__init_"));
  const initial = hidden.length === 1 ? (hidden[0]?.name.slice("__init_".length) ?? "") : fail("one initial node");
  if (lines[last] !== `\t"__init_${initial}" -> "${initial}";`) fail(lines[last] ?? "");
  const edges = lines.slice(last + 1).flatMap((line) => {
    if (!line.startsWith('\t"') || !line.includes("->")) return [];
    const [, from = "", to = "", events = ""] =
      /^\t"(\w+)" -> "(\w+)" \[ label = "((?:[A-Za-z_]\w*)(?:\\n[A-Za-z_]\w*)*)" \];$/.exec(line) ?? fail(line);
    return events.split("\\n").map((event) => ({ from, to, label: event }));
  });
  return {
    nodes: states.map(({ name }) => name),
    edges,
    initial,
    final: states.filter(({ shape }) => shape === "doublecircle").map(({ name }) => name),
  };
}

/** Our part of Mermaid's state diagrams: nodes, and how many events the arrows have together. */
export function readMermaidGraph(text: string): { readonly nodes: readonly string[]; readonly events: number } {
  const nodes: string[] = [];
  let depth = 0;
  let events = 0;
  const [kind, ...lines] = text.split("\n").filter((line) => !line.startsWith("%%") && line !== "");
  if (kind !== "stateDiagram-v2") fail(kind ?? "");
  for (const line of lines.map((each) => each.trimStart())) {
    const [, name, opens] = /^state "(?:[^"<>{}\\]|<br\/>)*" as (\w+)( \{)?$/.exec(line) ?? [];
    const [, label] = /^\w+ --> \w+ : ((?:[^"<>{}\\:]|<br\/>)*)$/.exec(line) ?? [];
    if (name !== undefined) nodes.push(name);
    else if (label !== undefined) events += label.split("<br/>").length;
    else if (!/^(?:\[\*\] --> \w+|\w+ --> \[\*\]|--|\})$/.test(line)) fail(line);
    depth += opens === undefined ? (line === "}" ? -1 : 0) : 1;
    if (depth < 0) fail(line);
  }
  return depth === 0 ? { nodes, events } : fail("an open brace");
}

function fail(what: string): never {
  throw new Error(`not understood: ${what}`);
}

/** An edge as names, for sorting. */
export function sorted(edges: ReadGraph["edges"]): readonly string[] {
  return edges.map(({ from, to, label: text }) => JSON.stringify([from, to, text])).sort();
}
