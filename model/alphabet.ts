import type { Call, QuestionKind } from "../impl/driver.js";
import { awaiting } from "./awaiting.js";
import { acceptedCalls, mayWake } from "./calls/accepted.js";
import { refusedCalls } from "./calls/refused.js";
import { protections } from "./calls/shapes.js";
import { type SegmentContext, segmentOf } from "./context.js";
import { type AnswerEvent, answerEvent, callEvent, type SpecEvent } from "./events.js";
import type { SpecSnapshot, SpecView } from "./machine.js";
import { panicked, quiescent, registration, waiting } from "./projection.js";
import type { Scope } from "./scope.js";

export { type Awaited, awaiting } from "./awaiting.js";

/** All that may happen in a snapshot: `explore(machine, { events: events(scope) })`. */
export function events(scope: Scope): (snapshot: SpecSnapshot) => readonly SpecEvent[] {
  const parts = eventsByPart(scope);
  return (snapshot) => parts.flatMap((part) => part(snapshot));
}

/**
 * The same as a list of functions whose events are put together: what may happen to each segment, and what to none. Each
 * looks at as little of the snapshot as it can, so that an explorer need not ask it anew of every state.
 */
export function eventsByPart(scope: Scope): readonly ((snapshot: SpecSnapshot) => readonly SpecEvent[])[] {
  const segments = Array.from({ length: scope.forks + 1 }, (_, seg) => seg);
  return [
    (snapshot) => (quiescent(snapshot) ? creates(scope, snapshot).map(callEvent) : answers(scope, snapshot)),
    ...segments.map((seg) => (snapshot: SpecSnapshot) => callsOf(scope, snapshot, seg).map(callEvent)),
  ];
}

/** The calls that a scope offers in a quiescent snapshot, refused and boundary ones included; none after a panic or while a call is under way. */
export function calls(scope: Scope, snapshot: SpecView): readonly Call[] {
  const made = Array.from({ length: snapshot.context.made }, (_, seg) => seg);
  return [...creates(scope, snapshot), ...made.flatMap((seg) => callsOf(scope, snapshot, seg))];
}

function creates(scope: Scope, snapshot: SpecView): readonly Call[] {
  if (!quiescent(snapshot) || panicked(snapshot) || snapshot.context.made > 0) return [];
  return protections(scope).map((prot) => ({ call: "create", seg: 0, prot, maxprot: "rwx" }));
}

/** The calls on one segment. */
function callsOf(scope: Scope, snapshot: SpecView, seg: number): readonly Call[] {
  if (!quiescent(snapshot) || panicked(snapshot)) return [];
  const segment = segmentOf(snapshot.context, seg);
  if (segment === null) return [];
  return segment.stillborn ? [{ call: "free", seg }] : liveCalls(scope, snapshot, seg, segment);
}

function liveCalls(scope: Scope, snapshot: SpecView, seg: number, segment: SegmentContext): readonly Call[] {
  const { accepted, refused } = callsOn(scope, seg, segment, (page) => registration(snapshot, seg, page) === "none");
  const canWait = scope.faults.has("waiting") && !waiting(snapshot, seg);
  const into = snapshot.context.made;
  return [
    ...accepted,
    ...(canWait ? accepted.filter((call) => mayWake(scope, call, segment)).map(withWaiter) : []),
    ...(into <= scope.forks ? [{ call: "dup", seg, into } as const] : []),
    ...refused,
  ];
}

interface CallsOn {
  readonly accepted: readonly Call[];
  readonly refused: readonly Call[];
}

/** The same calls are the same objects each time: thousands of states offer the same few hundred. */
const known = new WeakMap<Scope, Map<string, CallsOn>>();

/** The calls on a live segment, which follow from its protections, its domid and which of its pages are registered. */
function callsOn(
  scope: Scope,
  seg: number,
  { prot, domid }: SegmentContext,
  unregistered: (page: number) => boolean,
): CallsOn {
  let ofScope = known.get(scope);
  if (ofScope === undefined) {
    ofScope = new Map();
    known.set(scope, ofScope);
  }
  const pages = Array.from({ length: scope.pages }, (_, page) => unregistered(page));
  const key = `${seg} ${prot} ${domid} ${pages.join()}`;
  let calls = ofScope.get(key);
  if (calls === undefined) {
    const isUnregistered = (page: number): boolean => pages[page] ?? true;
    calls = {
      accepted: acceptedCalls(scope, seg, { prot, domid }, isUnregistered),
      refused: refusedCalls(scope, seg, { prot, domid }, isUnregistered),
    };
    ofScope.set(key, calls);
  }
  return calls;
}

const waiters = new WeakMap<Call, Call>();

function withWaiter(call: Call): Call {
  let waiting = waiters.get(call);
  if (waiting === undefined) {
    waiting = { ...call, waiting: true };
    waiters.set(call, waiting);
  }
  return waiting;
}

/** How each question is answered where the answer is a failure. */
const FAILURE: Readonly<Record<QuestionKind, number>> = {
  addmap: 6, // ENXIO: none of the errnos that the driver has of its own
  update_va_mapping: -22,
  map_grant_ref: -22,
  map_grant_ref_status: -1,
  unmap_grant_ref: -22,
  unmap_grant_ref_status: -1,
};

/** The answer to a question of this kind that stands for all failures. */
export function failureOf(kind: QuestionKind): number {
  return FAILURE[kind];
}

/** What the environment may answer to the question that the snapshot waits on: success, and a failure if the scope lets that class fail. */
export function answers(scope: Scope, snapshot: SpecSnapshot): readonly AnswerEvent[] {
  const awaited = awaiting(snapshot);
  if (awaited === null) return [];
  const { kind } = awaited;
  const success = answerEvent(kind, 0);
  return scope.faults.has(kind) ? [success, answerEvent(kind, FAILURE[kind])] : [success];
}
