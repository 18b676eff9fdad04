import { isPassive } from "../../../model/passive.js";
import type { Graph, GraphEdge } from "../../../traces/graph/graph.js";
import { callSpace, type WholeCall } from "./callspace.js";
import { eventText, isEmpty, stateText } from "./describe.js";
import type { StateSpace } from "./statespace.js";

/** Every state and every transition. A node is called by the number of its state. */
export function graphOfStates(space: StateSpace, title: string): Graph {
  const numbers = space.states.map((_, at) => at);
  const edges = space.steps.map(({ from, to, event }) => ({ from, to, label: eventText(event) }));
  return { kind: "states", title, nodes: nodesOf(space, numbers), edges };
}

/** The states at rest, called as in the graph of all states; what a call does to a state is one edge, whatever its arguments are. */
export function graphOfCalls(space: StateSpace, title: string): Graph {
  const { rests, calls } = callSpace(space);
  return { kind: "calls", title, nodes: nodesOf(space, rests), edges: named(rests, calls, callName) };
}

/**
 * What a monitor of the calls can see: calls without their arguments, told apart by how they end. Those that are refused, and
 * those without effect, are left out: they change nothing. What follows an event may depend on what was left out.
 */
export function graphOfProtocol(space: StateSpace, title: string): Graph {
  const { rests, calls } = callSpace(space);
  const seen = calls.filter(
    ({ call, verdict, from, to }) => from !== to || !(verdict === "refused" || isPassive(call)),
  );
  return { kind: "protocol", title, nodes: nodesOf(space, rests), edges: named(rests, seen, eventName) };
}

function nodesOf(space: StateSpace, numbers: readonly number[]): Graph["nodes"] {
  return numbers.flatMap((at) => {
    const state = space.states[at];
    if (state === undefined) return [];
    const name = `s${at}`;
    return [{ name, label: stateText(state), initial: at === 0, final: isEmpty(state), open: false, parent: null }];
  });
}

/** Edges between states at rest, each once. */
function named(
  rests: readonly number[],
  calls: readonly WholeCall[],
  nameOf: (call: WholeCall) => string,
): readonly GraphEdge[] {
  const places = new Map(rests.map((number, place) => [number, place]));
  const edges = new Map<string, GraphEdge>();
  for (const whole of calls) {
    const from = places.get(whole.from) ?? 0;
    const to = places.get(whole.to) ?? 0;
    const label = nameOf(whole);
    edges.set(`${from} ${to} ${label}`, { from, to, label });
  }
  return [...edges.values()];
}

const ENDS = { succeeded: "", failed: " fails", refused: " refused", panics: " panics" } as const;

/** `add_mfns fails`; the seg_ops slots without effect have one name together. */
function callName({ call, verdict }: WholeCall): string {
  if (isPassive(call)) return "no effect";
  return `${call.call}${ENDS[verdict]}${call.waiting === true ? " while somebody waits" : ""}`;
}

function eventName({ call, verdict }: WholeCall): string {
  return `${call.call}${ENDS[verdict].replace(" ", "_")}`;
}
