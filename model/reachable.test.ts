import test from "ava";
import {
  type AnyActorScope,
  type AnyStateNode,
  createEmptyActor,
  type ExecutableActionObject,
  type InspectionEvent,
  initialTransition,
} from "xstate";
import type { Call } from "../impl/driver.js";
import { events } from "./alphabet.js";
import { awaiting } from "./awaiting.js";
import { segmentsOf } from "./context.js";
import { answerEvent, callEvent, type SpecEvent } from "./events.js";
import { machineOf, type SegmentMachine, type SpecSnapshot } from "./machine.js";
import { panicked, project, quiescent, registration, waiting } from "./projection.js";
import { returned } from "./returned.js";
import { ALL_FAULTS, defineScope, FAULT_CLASSES, foreignDomids, type Scope } from "./scope.js";

/** A state as text, for small contexts of plain data. */
const key = ({ value, context }: SpecSnapshot) => JSON.stringify([value, context]);

interface Reached {
  readonly states: readonly SpecSnapshot[];
  readonly atRest: readonly SpecSnapshot[];
  readonly transitions: number;
  /** Calls with all their answers. */
  readonly edges: number;
  /** Transitions of the chart that no state takes. */
  readonly untaken: readonly string[];
}

/** Brute force: every event in every state, first come first served. */
function reach(scope: Scope): Reached {
  const machine = machineOf(scope);
  const offered = events(scope);
  const stepper = new Stepper(machine);
  const [initial] = initialTransition(machine);
  const seen = new Map([[key(initial), initial]]);
  const successors = new Map<string, string[]>();
  let transitions = 0;
  for (const [from, snapshot] of seen) {
    const to: string[] = [];
    for (const event of offered(snapshot)) {
      const { next, actions } = stepper.step(snapshot, event);
      if (next === snapshot && actions.length === 0) throw new Error(`${event.type} is offered and not taken: ${from}`);
      if (quiescent(next) !== (returned(actions) !== null))
        throw new Error(`a call ends if and only if it returns: ${from}`);
      transitions += 1;
      const name = key(next);
      to.push(name);
      if (!seen.has(name)) seen.set(name, next);
    }
    successors.set(from, to);
  }
  const states = [...seen.values()];
  const edges = countEdges(seen, successors);
  return { states, atRest: states.filter(quiescent), transitions, edges, untaken: stepper.untaken() };
}

/** xstate's `transition` with one scope for all steps, which is much faster, and a look at the transitions that are taken. */
class Stepper {
  readonly #machine: SegmentMachine;
  readonly #taken = new Set<unknown>();
  #actions: ExecutableActionObject[] = [];
  readonly #scope: AnyActorScope;

  constructor(machine: SegmentMachine) {
    this.#machine = machine;
    const self = createEmptyActor();
    const system: AnyActorScope["system"] = self.system;
    const none = () => undefined;
    const actionExecutor = (action: ExecutableActionObject) => void this.#actions.push(action);
    const effects = { logger: none, defer: none, emit: none, stopChild: none, actionExecutor };
    this.#scope = { self, system, id: "", sessionId: "", ...effects };
    system.inspect((inspected: InspectionEvent) => {
      if (inspected.type === "@xstate.microstep") for (const step of inspected._transitions) this.#taken.add(step);
    });
  }

  step(snapshot: SpecSnapshot, event: SpecEvent) {
    this.#actions = [];
    const next = this.#machine.transition(snapshot, event, this.#scope);
    return { next, actions: this.#actions };
  }

  untaken(): readonly string[] {
    return nodesOf(this.#machine.root)
      .flatMap((node) => [...node.transitions.values()].flat())
      .filter((step) => !this.#taken.has(step))
      .map((step) => `${step.source.id} on ${step.eventType}`);
  }
}

function nodesOf(node: AnyStateNode): readonly AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

/** From every state at rest: how many ways lead on to a state at rest? A call's own states have no cycle. */
function countEdges(
  seen: ReadonlyMap<string, SpecSnapshot>,
  successors: ReadonlyMap<string, readonly string[]>,
): number {
  const known = new Map<string, number>();
  const ways = (state: string): number => {
    const snapshot = seen.get(state);
    if (snapshot === undefined || quiescent(snapshot)) return 1;
    const found = known.get(state) ?? (successors.get(state) ?? []).reduce((sum, next) => sum + ways(next), 0);
    known.set(state, found);
    return found;
  };
  let edges = 0;
  for (const [state, snapshot] of seen) {
    if (quiescent(snapshot)) for (const next of successors.get(state) ?? []) edges += ways(next);
  }
  return edges;
}

/** In how many ways a page can be, its registration included. */
interface Ways {
  readonly held: number;
  /** In how many of them it has no soft lock. */
  readonly frameless: number;
  /** In how many it holds nothing. */
  readonly bare: number;
  /** How many protections permit an add. */
  readonly prots: number;
}

/** How many states at rest the contract has, by arithmetic. */
function statesAtRest(scope: Scope, { held, frameless, bare, prots }: Ways): number {
  const { pages, domids, faults, forks } = scope;
  const unbound = bare ** pages;
  const waits = faults.has("waiting") && faults.has("update_va_mapping") ? held ** pages - frameless ** pages : 0;
  // a page that held a frame is only emptied, and not registered, by a failure
  const unfailing = faults.has("update_va_mapping") ? 0 : 1;
  const bound = held ** pages + waits - unfailing;
  const live = unbound + domids.length * bound;
  const barren = bare ** pages; // protections none
  const stillborn = faults.has("addmap") ? 1 : 0;
  const alone = prots * live + barren + (prots + 1) * stillborn + 1; // the last one: gone
  const ends = 2; // before the first call, and after a panic
  if (forks === 0) return alone + ends;
  const pairs = prots * live ** 2 + barren ** 2;
  const oneGone = 2 * (prots * live + barren) + 1;
  const stillbornChild = prots * (live + domids.length * bound) + barren + prots * (1 + domids.length) + 1;
  return alone + pairs + oneGone + stillborn * stillbornChild + ends;
}

const NOTHING: Scope["faults"] = new Set();
const EVERYTHING: Scope["faults"] = new Set(FAULT_CLASSES);

/** A page: nothing or a frame, each registered or not; granted read-only or writable, registered. */
const DEFAULT: Ways = { held: 6, frameless: 4, bare: 2, prots: 1 };
/** The same with two frames, and a registration right or wrong. */
const WIDE: Ways = { held: 13, frameless: 7, bare: 3, prots: 2 };

type Known = readonly [
  what: string,
  scope: Partial<Scope>,
  ways: Ways,
  states: number,
  transitions: number,
  edges: number,
];

const KNOWN: readonly Known[] = [
  ["1 page", { pages: 1 }, DEFAULT, 51, 1235, 1285],
  ["2 pages, nothing fails", { pages: 2, faults: NOTHING }, DEFAULT, 371, 5547, 5257],
  ["1 page, wide", { pages: 1, alphabet: "wide" }, WIDE, 198, 5529, 5894],
  [
    "1 page, a fork, one domid, maps and frames fail",
    { pages: 1, domids: foreignDomids(1), forks: 1, faults: new Set(["addmap", "update_va_mapping"]) },
    DEFAULT,
    345,
    10745,
    10647,
  ],
];

/** What takes long: `npm run test:deep`. */
const KNOWN_DEEP: readonly Known[] = [
  ["2 pages", { pages: 2 }, DEFAULT, 547, 9153, 10427],
  ["3 pages, one domid", { pages: 3, domids: foreignDomids(1) }, DEFAULT, 2793, 35794, 46110],
  ["2 pages, everything fails", { pages: 2, faults: EVERYTHING }, DEFAULT, 555, 9245, 10563],
  ["2 pages, 3 domids, refs one by one", { pages: 2, domids: foreignDomids(3), refs: 1 }, DEFAULT, 789, 13158, 14374],
  ["2 pages, SEGMF_MAX_GREFS 1", { pages: 2, maxGrefs: 1 }, DEFAULT, 511, 8892, 9674],
  ["1 page, a fork", { pages: 1, forks: 1 }, DEFAULT, 1440, 46734, 48828],
];

const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

for (const [what, scope, ways, states, transitions, edges] of IS_DEEP ? [...KNOWN, ...KNOWN_DEEP] : KNOWN) {
  test(`reachable states are known exactly: ${what}`, (t) => {
    const reached = reach(defineScope(scope));
    const { atRest } = reached;
    t.is(atRest.length, statesAtRest(defineScope(scope), ways));
    t.deepEqual([reached.states.length, reached.transitions, reached.edges], [states, transitions, edges]);
    t.deepEqual(reached.untaken, [], "the chart has nothing that its scope does not reach");
    t.is(new Set(atRest.map(meaning)).size, atRest.length, "states at rest that mean the same are one");
    for (const snapshot of reached.states) check(snapshot);
  });
}

test("no region moves on a call that can't be made, or on an answer that nobody waits for", (t) => {
  const scope = defineScope({ pages: 1, forks: 1, domids: foreignDomids(1), faults: IS_DEEP ? ALL_FAULTS : NOTHING });
  const hostile = [0, 1, 2].flatMap((seg): readonly Call[] => [
    { call: "create", seg, prot: "rw", maxprot: "rwx" },
    { call: "dup", seg, into: 1 },
    { call: "dup", seg, into: 2 },
    { call: "free", seg },
    { call: "add_mfns", seg, page: 0, count: 1, mfn: 1, domid: 7 },
    { call: "add_gref_pte", seg, page: 0, pte_ma: 0x9000n },
    { call: "unmap", seg, addr: 0, len: 4096 },
    { call: "unmap", seg, addr: 1, len: 4096 },
    { call: "getprot", seg, page: 0, count: 1 },
  ]);
  let possible = 0;
  for (const snapshot of reach(scope).states) {
    const state = key(snapshot);
    for (const call of hostile) {
      const wanted = quiescent(snapshot) && !panicked(snapshot) && canBeMade(snapshot, call);
      possible += wanted ? 1 : 0;
      t.is(snapshot.can(callEvent({ ...call, waiting: true })), wanted, `${call.call} ${call.seg}: ${state}`);
    }
    const kinds = ["addmap", "update_va_mapping", "map_grant_ref", "map_grant_ref_status", "unmap_grant_ref"] as const;
    for (const kind of kinds) t.is(snapshot.can(answerEvent(kind, -1)), awaiting(snapshot)?.kind === kind, state);
  }
  t.is(possible, IS_DEEP ? 1358 : 730);
});

/** By scenario.md: is it a mistake to call this here? */
function canBeMade(snapshot: SpecSnapshot, call: Call): boolean {
  const { segments } = project(snapshot);
  const segment = segments[call.seg];
  if (call.call === "create") return call.seg === 0 && segments.length === 0;
  if (!segment) return false;
  if (call.call === "free" || segment.stillborn) return call.call === "free" && segment.stillborn;
  return call.call !== "dup" || (call.into === 1 && segments.length === 1);
}

/** All that a state at rest says to the outside. */
function meaning(snapshot: SpecSnapshot): string {
  const { segments } = project(snapshot);
  const more = segments.map((segment, seg) => [
    waiting(snapshot, seg),
    segment?.pages.map((_, page) => registration(snapshot, seg, page)),
  ]);
  const big = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  return JSON.stringify([panicked(snapshot), segments, more], big);
}

/** What the regions and the context say agrees, and nothing is left over. */
function check(snapshot: SpecSnapshot): void {
  const { context, value } = snapshot;
  const fail = (what: string) => {
    throw new Error(`${what}: ${key(snapshot)}`);
  };
  if (quiescent(snapshot) !== (awaiting(snapshot) === null)) fail("a call under way waits for an answer");
  if (typeof value === "string") return;
  const text = JSON.stringify(value);
  if (/tearingDown|rollingBack|unmapping/.test(text)) fail("rests in the middle of a step");
  segmentsOf(context).forEach((segment, seg) => {
    const region = regionOf(value, `segment${seg}`);
    if ((segment === null) !== region.includes('"life":"gone"')) fail("gone");
    if (segment === null) return;
    if (segment.stillborn !== region.includes('"life":"stillborn"')) fail("stillborn");
    if (segment.stillborn) return;
    if ((segment.domid === 0) !== region.includes('"domid":"unbound"')) fail("domid");
    segment.frames.forEach((frame, page) => {
      const content = regionOf(value, `segment${seg}`, "life", "live", `page${page}`, "content");
      if ((frame !== null) !== (content === '"frame"')) fail(`frame of page ${page}`);
      if ((segment.grefs[page] !== null) !== content.includes("granted")) fail(`gref of page ${page}`);
      if (quiescent(snapshot) && content === '"faulting"') fail(`half a soft lock on page ${page}`);
    });
  });
}

function regionOf(value: object, ...path: readonly string[]): string {
  let part: unknown = (value as { readonly running: unknown }).running;
  for (const name of path) part = (part as Readonly<Record<string, unknown>>)[name];
  return JSON.stringify(part);
}
