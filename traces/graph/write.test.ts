import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { diagramType } from "../mermaid/testkit.js";
import { HEAD, markOf } from "../trace/mark.js";
import { writeAut } from "./aut.js";
import { writeDot } from "./dot.js";
import { flattened } from "./flatten.js";
import { GRAPH_FORMATS } from "./formats.js";
import type { Graph } from "./graph.js";
import { writeGraphml } from "./graphml.js";
import { writeGraphJson } from "./json.js";
import { writeMermaidGraph } from "./mermaid.js";
import { writeRv } from "./rv.js";
import { type DotReader, dotReader } from "./testing/graphviz.js";
import { graphArbitrary, namesIn, readAut, readGraphml, readMermaidGraph, readRv, sorted } from "./testkit.js";

let readDot: DotReader;

test.before(async () => {
  readDot = await dotReader();
});

const file = new URL("../../../schemas/segmf-graph-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
const conforms = new Ajv2020({ strict: true }).compile(schema);

const assertAny = (holds: (graph: Graph) => void) => fc.assert(fc.property(graphArbitrary, holds), { numRuns: 60 });

test("aut: any graph is read back; a label has no quotes, and one line", (t) => {
  assertAny((graph) => {
    const { nodes, edges } = readAut(writeAut(graph));
    t.is(nodes.length, graph.nodes.length);
    const expected = graph.edges.map(({ from, to, label }) => ({
      from: String(from),
      to: String(to),
      label: label.replaceAll('"', "'").replaceAll(/\s+/g, " "),
    }));
    t.deepEqual(edges, expected);
  });
});

/** What is drawn of a label that has no width is a space. */
const drawn = (label: string) => label.replaceAll(/\p{Cc}/gu, " ") || " ";

test("dot: Graphviz reads any graph back, whatever its labels are", (t) => {
  assertAny((graph) => {
    const read = readDot(writeDot(graph));
    const named = graph.nodes.map(({ name, label }) => `${name} ${drawn(label)}`);
    t.deepEqual(read.nodes.map((name, at) => `${name} ${read.labels[at]}`).sort(), named.sort());
    const edges = namesIn(graph).edges.map((edge) => ({ ...edge, label: drawn(edge.label) }));
    t.deepEqual(sorted(read.edges), sorted(edges));
  });
});

test("graphml: any graph is read back", (t) => {
  assertAny((graph) => {
    t.deepEqual(readGraphml(writeGraphml(graph)), namesIn(graph));
  });
});

test("json: any graph is read back, and as its schema says", (t) => {
  assertAny((graph) => {
    const read: unknown = JSON.parse(writeGraphJson(graph));
    t.true(conforms(read), JSON.stringify(conforms.errors));
    const { kind, title, edges } = graph;
    const nodes = graph.nodes.map(({ parent, ...node }) => (parent === null ? node : { ...node, parent }));
    t.deepEqual(read, { format: "segmf-graph/1", kind, title, nodes, edges });
  });
});

test("mermaid: any graph, flattened, has all its nodes and events, and Mermaid takes it", async (t) => {
  const property = fc.asyncProperty(graphArbitrary, async (graph) => {
    const text = writeMermaidGraph(graph);
    t.is(await diagramType(text), "stateDiagram");
    const { nodes, events } = readMermaidGraph(text);
    const flat = flattened(graph);
    t.deepEqual([...nodes].sort(), flat.nodes.map(({ name }) => name).sort());
    t.is(events, flat.edges.length);
  });
  await fc.assert(property, { numRuns: 40 });
  await t.throwsAsync(diagramType('stateDiagram-v2\n  state "" as n\n'), { message: /Parse error on line 2/ });
});

const node = (name: string, more: Partial<Graph["nodes"][number]> = {}): Graph["nodes"][number] => ({
  name,
  label: name,
  initial: false,
  final: false,
  open: false,
  parent: null,
  ...more,
});

const SWITCH: Graph = {
  kind: "protocol",
  title: "a switch",
  nodes: [node("off", { initial: true, final: true }), node("on")],
  edges: [
    { from: 0, to: 1, label: "press" },
    { from: 1, to: 0, label: "press" },
    { from: 1, to: 1, label: "2 hold" },
    { from: 1, to: 1, label: "wait for it" },
  ],
};

test("rv: Graphviz reads what the kernel's generator is given", (t) => {
  const { edges, ...read } = readRv(writeRv(SWITCH));
  const drawn = readDot(writeRv(SWITCH));
  t.deepEqual(drawn.nodes, read.nodes);
  t.deepEqual(drawn.shapes, ["doublecircle", "circle"]);
  t.deepEqual(sorted(drawn.edges), sorted(edges));
});

test("rv: nodes, the initial and the final ones, and events that are identifiers of C", (t) => {
  t.deepEqual(readRv(writeRv(SWITCH)), {
    nodes: ["off", "on"],
    initial: "off",
    final: ["off"],
    edges: [
      { from: "off", to: "on", label: "press" },
      { from: "on", to: "off", label: "press" },
      { from: "on", to: "on", label: "e_2_hold" },
      { from: "on", to: "on", label: "wait_for_it" },
    ],
  });
});

test("rv: an automaton with a choice is refused", (t) => {
  const edges = [...SWITCH.edges, { from: 1, to: 1, label: "press" }];
  t.throws(() => writeRv({ ...SWITCH, edges }), { message: /two nodes/ });
});

test("mermaid: an arrow between the insides of two nodes is drawn between these, and says so", (t) => {
  const nodes = [
    node("a", { initial: true }),
    node("b"),
    node("c", { parent: 0, initial: true }),
    node("d", { parent: 1, initial: true }),
    node("e", { parent: 1, initial: true }),
  ];
  const text = writeMermaidGraph({ ...SWITCH, nodes, edges: [{ from: 2, to: 3, label: "go" }] });
  t.is(
    text,
    [
      "%% written by segmf as segmf-mermaid-state/1",
      "%% a switch",
      "stateDiagram-v2",
      '  state "a" as a {',
      '    state "c" as c',
      "    [*] --> c",
      "  }",
      "  [*] --> a",
      '  state "b" as b {',
      '    state "d" as d',
      "    --",
      '    state "e" as e',
      "  }",
      "  a --> b : go (c to d)",
      "",
    ].join("\n"),
  );
});

test("mermaid: nodes in the middle are left out, and their arrows go from all that is in them to what they begin with", (t) => {
  const nodes = [
    node("whole", { initial: true }),
    node("idle", { parent: 0, initial: true }),
    node("busy", { parent: 0 }),
    node("asked", { parent: 2, initial: true }),
    node("told", { parent: 2 }),
    node("both", { parent: 0 }),
    node("left", { parent: 5, initial: true }),
    node("right", { parent: 5, initial: true }),
  ];
  const edges = [
    { from: 1, to: 2, label: "ask" },
    { from: 3, to: 4, label: "tell" },
    { from: 2, to: 5, label: "part" },
  ];
  const lines = writeMermaidGraph({ ...SWITCH, nodes, edges })
    .split("\n")
    .slice(3);
  t.deepEqual(lines, [
    '  state "whole" as whole {',
    '    state "idle" as idle',
    "    [*] --> idle",
    '    state "busy.asked" as asked',
    '    state "busy.told" as told',
    '    state "both" as both {',
    '      state "left" as left',
    "      --",
    '      state "right" as right',
    "    }",
    "    idle --> asked : ask",
    "    asked --> told : tell",
    "    asked --> both : part",
    "    told --> both : part",
    "  }",
    "  [*] --> whole",
    "",
  ]);
});

test("every format but aut bears its mark, and every name and extension is one that can be told", (t) => {
  for (const { name, format, write } of GRAPH_FORMATS) {
    const head = write(SWITCH).slice(0, HEAD);
    t.is(head.includes(markOf(format)) || head.includes(`"format": "${format}"`), name !== "aut", name);
  }
  t.is(new Set(GRAPH_FORMATS.map(({ format }) => format)).size, GRAPH_FORMATS.length);
});
