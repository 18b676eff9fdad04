import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { GRAPH_FORMATS } from "../../traces/graph/formats.js";
import { type DotReader, dotReader } from "../../traces/graph/testing/graphviz.js";
import { readAut, readGraphml, readMermaidGraph, readRv } from "../../traces/graph/testkit.js";
import { diagramType } from "../../traces/mermaid/testkit.js";
import { inProcess, scratch } from "./testkit.js";

let readDot: DotReader;

test.before(async () => {
  readDot = await dotReader();
});

/** `segmf graph`, at one page: 51 states and 1,235 transitions, as `explore` counts them (chart.test.ts). */

const folder = scratch();
const at = (name: string) => join(folder.path, name);
test.after.always(() => folder.remove());

const STATES = 51;
const TRANSITIONS = 1235;

async function written(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess(["graph", "--pages", "1", ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** How many nodes and edges each format's reader finds. */
const READERS: Readonly<Record<string, (text: string) => readonly [number, number]>> = {
  aut: (text) => sizeOf(readAut(text)),
  dot: (text) => sizeOf(readDot(text)),
  graphml: (text) => sizeOf(readGraphml(text)),
  mermaid: (text) => {
    const { nodes, events } = readMermaidGraph(text);
    return [nodes.length, events];
  },
  json: (text) => sizeOf(JSON.parse(text)),
};

function sizeOf({ nodes, edges }: { readonly nodes: readonly unknown[]; readonly edges: readonly unknown[] }) {
  return [nodes.length, edges.length] as const;
}

for (const [name, read] of Object.entries(READERS)) {
  test(`${name} has every state and every transition`, async (t) => {
    const isDrawn = GRAPH_FORMATS.some((format) => format.name === name && format.drawn);
    const text = await written("--to", name, ...(isDrawn ? ["--cap", String(TRANSITIONS)] : []));
    t.deepEqual(read(text), [STATES, TRANSITIONS]);
    if (name === "mermaid") t.is(await diagramType(text), "stateDiagram");
  });
}

test("rv is the protocol as a deterministic automaton", async (t) => {
  const { nodes, edges, initial, final } = readRv(await written("--to", "rv"));
  t.deepEqual([nodes.length, edges.length, initial], [7, 26, "init"]);
  t.deepEqual(final, ["init", "s4"]);
  const next = (from: string, event: string) =>
    edges.find((edge) => edge.from === from && edge.label === event)?.to ?? "nowhere";
  const live = next("init", "create");
  t.is(next(live, "unmap"), "s4");
  t.is(next(live, "add_grefs"), "nowhere", "no page is registered");
  t.is(next(next(next(live, "add_gref_pte"), "add_grefs"), "unmap"), "s4");
  t.is(next(next("init", "create_fails"), "free"), "s4");
});

test("the protocol as a picture is the automaton that rv has", async (t) => {
  const expected = sizeOf(readRv(await written("--to", "rv")));
  t.deepEqual(sizeOf(readDot(await written("--to", "rv"))), expected);
  for (const name of ["dot", "mermaid", "aut", "json"]) {
    t.deepEqual(READERS[name]?.(await written("--to", name, "--abstract", "protocol")), expected, name);
  }
});

test("the statechart, in every format that has states within states", async (t) => {
  for (const { name } of GRAPH_FORMATS.filter(({ nests }) => nests)) {
    const text = await written("--to", name, "--statechart");
    // Mermaid's is without the three that have others in them but no regions; two arrows of granted's are drawn for both of its states.
    t.deepEqual(READERS[name]?.(text), name === "mermaid" ? [38, 82] : [41, 80], name);
    if (name === "mermaid") t.is(await diagramType(text), "stateDiagram");
  }
});

test("nothing is drawn that can't be read, and filters are offered", async (t) => {
  t.deepEqual(await inProcess(["graph", "--pages", "1", "--to", "dot"]), {
    code: 2,
    stdout: "",
    stderr:
      "segmf: dot: 1235 transitions are more than can be read in a picture (400); show fewer with --abstract calls, --depth or --from, or draw them all with --cap 1235\n",
  });
  t.deepEqual(sizeOf(readDot(await written("--to", "dot", "--abstract", "calls"))), [25, 352]);
  t.deepEqual(sizeOf(readDot(await written("--to", "dot", "--depth", "2"))), [7, 6]);
  t.deepEqual(
    sizeOf(readDot(await written("--to", "dot", "--abstract", "calls", "--from", "15", "--depth", "1"))),
    [5, 16],
  );
  const small = await inProcess(["graph", "--pages", "1", "--to", "mermaid", "--abstract", "calls", "--cap", "9"]);
  t.regex(small.stderr, /show fewer with --abstract protocol, --depth or --from, or draw them all with --cap 352\n$/);
});

test("into a file or a folder, whole, and never over what is not ours", async (t) => {
  await mkdir(at("all"));
  for (const { name } of GRAPH_FORMATS)
    await written("--to", name, "--depth", "1", "--out", at("all")).catch(() => null);
  t.deepEqual((await readdir(at("all"))).sort(), [
    "segmf-states.aut",
    "segmf-states.dot",
    "segmf-states.graphml",
    "segmf-states.json",
    "segmf-states.mmd",
  ]);
  t.is(await readFile(at("all/segmf-states.dot"), "utf8"), await written("--to", "dot", "--depth", "1"));
  await written("--to", "dot", "--depth", "1", "--out", at("all"));
  await writeFile(at("mine.dot"), "digraph mine {}");
  const refused = await inProcess(["graph", "--to", "rv", "--pages", "1", "--out", at("mine.dot")]);
  t.deepEqual([refused.code, await readFile(at("mine.dot"), "utf8")], [2, "digraph mine {}"]);
  const aut = await inProcess(["graph", "--to", "aut", "--pages", "1", "--out", at("all")]);
  t.regex(aut.stderr, /segmf-states\.aut: exists and is not segmf's own \(segmf-aut\/1\)/);
});

test("interrupted, it writes nothing", async (t) => {
  const signal = AbortSignal.abort();
  const args = ["graph", "--to", "aut", "--pages", "2", "--domids", "1", "--faults", "none"];
  t.deepEqual(await inProcess(args, { signal }), { code: 130, stdout: "", stderr: "" });
});

const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [[], "required option '--to <format>' not specified; see segmf graph --help"],
  [
    ["--to", "dott"],
    '--to: unknown format "dott" (did you mean dot?); expected one of aut, dot, mermaid, graphml, rv, json',
  ],
  [["--to", "aut", "--pages", "9"], '--pages: expected a whole number from 1 to 8, got "9"'],
  [
    ["--to", "aut", "--statechart"],
    "--statechart: aut has no states within states; expected --to dot, mermaid, graphml, json",
  ],
  [["--to", "json", "--cap", "9"], "--cap is about pictures, and json is none; leave it out"],
  [
    ["--to", "rv", "--from", "1"],
    "--from is about the graph of states, and the protocol is written whole; leave it out",
  ],
  [
    ["--to", "dot", "--statechart", "--depth", "1"],
    "--depth is about the graph of states, and the statechart is written whole; leave it out",
  ],
  [
    ["--to", "dot", "--pages", "1", "--from", "51"],
    "--from: there is no state 51 among 51; expected the number of one in the graph without --from",
  ],
  [
    ["--to", "dot", "--pages", "1", "--from", "1", "--abstract", "calls"],
    "--from: there is no state 1 at rest among 51; expected the number of one in the graph without --from",
  ],
];

for (const [args, expected] of MISTAKES) {
  test(`a mistake: graph ${args.join(" ")}`, async (t) => {
    t.deepEqual(await inProcess(["graph", ...args]), { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  });
}
