import test from "ava";
import fc from "fast-check";
import { eventsByPart } from "../../../model/alphabet.js";
import { machineOf } from "../../../model/machine.js";
import { defineScope } from "../../../model/scope.js";
import type { Graph } from "../../../traces/graph/graph.js";
import { stepText } from "../../../traces/scenario/text.js";
import { explore } from "../../engine/index.js";
import { callSpace, stepOf } from "./callspace.js";
import { deterministic } from "./deterministic.js";
import { filtered } from "./filter.js";
import { graphOfCalls, graphOfProtocol, graphOfStates } from "./graphs.js";
import { graphOfStatechart } from "./statechart.js";
import { type StateSpace, stateSpace } from "./statespace.js";

const scope = defineScope({ pages: 1 });
let space: StateSpace;

test.before(async () => {
  space = await stateSpace(scope);
});

test("as many states and transitions as explore finds", async (t) => {
  const found = await explore(machineOf(scope), { events: eventsByPart(scope) });
  const { nodes, edges } = graphOfStates(space, "");
  t.deepEqual([nodes.length, edges.length], [found.states, found.transitions]);
  t.is(space.stopped, null);
  t.is(new Set(nodes.map(({ name }) => name)).size, nodes.length);
  t.is(new Set(edges.map(({ from, label }) => `${from} ${label}`)).size, edges.length, "an event leads to one state");
});

test("a limit on depth leaves what lies within as it is", async (t) => {
  const shallow = await stateSpace(scope, { depth: 3 });
  const whole = filtered(graphOfStates(space, ""), { depth: 3 });
  const { nodes, edges } = graphOfStates(shallow, "");
  t.deepEqual(edges, whole?.edges);
  t.deepEqual(
    nodes.map(({ name }) => name),
    whole?.nodes.map(({ name }) => name),
  );
  t.true(nodes.length < space.states.length);
});

test("a limit and a signal stop it, and it says so", async (t) => {
  t.is((await stateSpace(scope, { transitions: 100 })).stopped, "transitions");
  const two = defineScope({ pages: 2, domids: [7], faults: new Set() });
  t.is((await stateSpace(two, { signal: AbortSignal.abort() })).stopped, "aborted");
});

test("the states at rest, and every call with all its answers", (t) => {
  const { rests, calls } = callSpace(space);
  t.is(rests.length, 25);
  t.is(calls.length, 1285);
  const steps = calls.map((whole) => `${whole.from} ${stepText(stepOf(whole))}`);
  t.is(new Set(steps).size, calls.length, "a call with its answers leads to one state");
  const { nodes, edges } = graphOfCalls(space, "");
  t.deepEqual([nodes.length, edges.length], [25, 352]);
});

test("the protocol is a small automaton", (t) => {
  const { nodes, edges } = deterministic(graphOfProtocol(space, ""));
  t.deepEqual([nodes.length, edges.length], [7, 26]);
  t.deepEqual(
    nodes.flatMap(({ name, final }) => (final ? [name] : [])),
    ["init", "s4"],
  );
});

test("the statechart has a node for each state node, in its parent, and an edge for each target", (t) => {
  const { nodes, edges } = graphOfStatechart(scope, "");
  t.deepEqual([nodes.length, edges.length], [41, 80]);
  t.is(nodes.filter(({ parent }) => parent === null).length, 1);
  for (const [at, { parent }] of nodes.entries()) t.true(parent === null || parent < at);
});

test("a filter begins elsewhere, and marks what it does not go on from", (t) => {
  const line = chain(5);
  const part = filtered(line, { from: "n1", depth: 2 });
  t.deepEqual(
    part?.nodes.map(({ name, initial, open }) => [name, initial, open]),
    [
      ["n1", true, false],
      ["n2", false, false],
      ["n3", false, true],
    ],
  );
  t.deepEqual(
    part?.edges.map(({ from, to }) => [from, to]),
    [
      [0, 1],
      [1, 2],
    ],
  );
  t.is(filtered(line, { from: "n9" }), null);
  t.deepEqual(filtered(line, {}), line);
});

/** Nodes in a row, each with an edge to the next. */
function chain(length: number): Graph {
  const nodes = Array.from({ length }, (_, at) => nodeOf(at, false));
  const edges = nodes.slice(1).map((_, from) => ({ from, to: from + 1, label: "on" }));
  return { kind: "states", title: "", nodes, edges };
}

function nodeOf(at: number, final: boolean): Graph["nodes"][number] {
  return { name: `n${at}`, label: "", initial: at === 0, final, open: false, parent: null };
}

const automata: fc.Arbitrary<Graph> = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }).chain((finals) => {
  const place = fc.nat({ max: finals.length - 1 });
  const edge = fc.record({ from: place, to: place, label: fc.constantFrom("a", "b") });
  return fc
    .array(edge, { maxLength: 12 })
    .map(
      (edges): Graph => ({ kind: "protocol", title: "", nodes: finals.map((final, at) => nodeOf(at, final)), edges }),
    );
});

/** Whether a word is possible, and whether it may end there. */
function meaningOf({ nodes, edges }: Graph, word: string): readonly boolean[] {
  let at = new Set([0]);
  for (const letter of word)
    at = new Set(edges.flatMap(({ from, to, label }) => (at.has(from) && label === letter ? [to] : [])));
  return [at.size > 0, [...at].some((place) => nodes[place]?.final)];
}

const WORDS = ["", ..."ab"].flatMap((a) => ["", ..."ab"].flatMap((b) => ["", ..."ab"].map((c) => a + b + c)));
const LONGER = [...new Set(WORDS.flatMap((word) => WORDS.map((more) => word + more)))];

test("the deterministic automaton has the same words, no choice, and no two nodes alike", (t) => {
  fc.assert(
    fc.property(automata, (graph) => {
      const made = deterministic(graph);
      t.is(new Set(made.edges.map(({ from, label }) => `${from} ${label}`)).size, made.edges.length);
      for (const word of LONGER) t.deepEqual(meaningOf(made, word), meaningOf(graph, word), word);
      t.deepEqual(deterministic(made), made, "it is the smallest, and its numbers follow from it alone");
    }),
    { numRuns: 100 },
  );
});
