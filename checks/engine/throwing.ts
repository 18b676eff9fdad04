import type { AnyMachineSnapshot, AnyStateNode, EventObject } from "xstate";
import { activeLeaves, describeWhere, matches, transitionsOf } from "./chart.js";
import { describeThrown } from "./describe.js";
import { EngineError } from "./errors.js";
import { guardName, guardPasses } from "./guards.js";

const GUARD_HINT = "A guard must answer true or false for every reachable context and every event it is asked about.";
const START_HINT =
  "Its context, an entry action or an eventless guard threw. A machine that needs input gets it as `input`.";
const ACTION_HINT = "An assign must work for every reachable context and every event that gets it taken.";

/**
 * The error for a step that threw. It names the guard if it was one (XState says so of a guard on an event; an eventless
 * one is asked again), and otherwise says that it was an action.
 *
 * @param snapshot where the microstep that threw began
 */
export function blame(snapshot: AnyMachineSnapshot, event: EventObject, thrown: unknown): EngineError {
  const guard = throwingGuard(snapshot, event, thrown);
  if (guard !== undefined) return guardThrew(guard, event);
  const where = describeWhere(snapshot);
  return new EngineError(
    "action-threw",
    `An action threw, coming from state node ${where}: ${describeThrown(thrown)}.`,
    {
      event,
      at: where,
      cause: thrown,
      hint: ACTION_HINT,
    },
  );
}

/** The error for a machine that could not be started: names the guard if it was one. */
export function blameStart(snapshot: AnyMachineSnapshot, thrown: unknown): EngineError {
  const guard = throwingGuard(snapshot, { type: "xstate.init" }, thrown);
  if (guard !== undefined) return guardThrew(guard, undefined);
  return new EngineError("initial-state", `The machine has no initial state: ${describeThrown(thrown)}.`, {
    cause: thrown,
    hint: START_HINT,
  });
}

interface ThrowingGuard {
  readonly name: string;
  /** Where its transition is written, in words. */
  readonly where: string;
  readonly cause: unknown;
}

function throwingGuard(snapshot: AnyMachineSnapshot, event: EventObject, thrown: unknown): ThrowingGuard | undefined {
  const onEvent = guardOnEvent(snapshot, event, thrown);
  if (onEvent !== undefined) return onEvent;
  const eventless = eventlessGuard(snapshot, event);
  // One that throws something else is not the one that stopped the step.
  return eventless !== undefined && describeThrown(eventless.cause) === describeThrown(thrown) ? eventless : undefined;
}

function guardThrew({ name, where, cause }: ThrowingGuard, event: EventObject | undefined): EngineError {
  const headline = `Guard '${name}' (${where}) threw: ${describeThrown(cause)}.`;
  return new EngineError("guard-threw", headline, { event, at: name, cause, hint: GUARD_HINT });
}

const XSTATE_SAYS = /^Unable to evaluate guard (?:'(.*)' )?in transition for event '(.*)' in state node '(.*)':\n/;

/** What XState's own error says, with the candidate and the original error where asking again brings them out. */
function guardOnEvent(snapshot: AnyMachineSnapshot, event: EventObject, thrown: unknown): ThrowingGuard | undefined {
  const said = thrown instanceof Error ? XSTATE_SAYS.exec(thrown.message) : null;
  if (said === null) return undefined;
  const [, name = "(inline)", type = "", id = ""] = said;
  const node = snapshot._nodes.find((active) => active.id === id);
  // A raised event is known by its type only.
  const considered = event.type === type ? event : { type };
  const again = node === undefined ? undefined : firstToThrow(node, snapshot, considered, false);
  if (again !== undefined && again !== "passed") return again;
  return { name, where: `of ${type} at state node '${id}'`, cause: thrown };
}

function eventlessGuard(snapshot: AnyMachineSnapshot, event: EventObject): ThrowingGuard | undefined {
  for (const leaf of activeLeaves(snapshot)) {
    for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
      const found = firstToThrow(node, snapshot, event, true);
      if (found === "passed") break;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function firstToThrow(
  node: AnyStateNode,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
  eventless: boolean,
): ThrowingGuard | "passed" | undefined {
  for (const { transition, event: descriptor, candidate } of transitionsOf(node)) {
    if ((descriptor === null) !== eventless) continue;
    if (descriptor !== null && !matches(event.type, descriptor)) continue;
    try {
      if (guardPasses(transition, snapshot, event)) return "passed";
    } catch (cause) {
      const where = `candidate ${candidate} of ${descriptor ?? "always"} at state node '${node.id}'`;
      return { name: guardName(transition.guard) ?? "(none)", where, cause };
    }
  }
  return undefined;
}

/** XState's own error, of a machine with `options: { maxIterations }`. */
export function isEndless(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith("Infinite loop detected");
}

/** The error for a step that runs in a circle. */
export function endlessStep(snapshot: AnyMachineSnapshot, microsteps: number): EngineError {
  const where = describeWhere(snapshot);
  const headline = `A step does not come to rest: after ${microsteps} microsteps the machine is in ${where}.`;
  return new EngineError("endless-step", headline, {
    at: where,
    hint: "Eventless transitions or raised events run in a circle: give one of them a guard that ends it.",
  });
}
