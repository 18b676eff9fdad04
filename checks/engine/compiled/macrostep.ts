import type { EventObject } from "xstate";
import type { Effects } from "./actions.js";
import type { Interpreter } from "./interpreter.js";
import { DONE, STATUS_SLOT } from "./layout.js";
import { microstep } from "./microstep.js";
import { selectEventless, selectTransitions } from "./select.js";
import type { CompiledTransition } from "./transitions.js";

/** As many microsteps in one step: the machine runs in a circle, or as good as. XState's own engine then says where. */
class EndlessStep extends Error {
  override readonly name = "EndlessStep";
}

const MAX_MICROSTEPS = 10_000;

/**
 * Takes a step: the transitions that the event selected, then eventless ones and raised events, until nothing is left to
 * do. Everything that it reads and writes goes through the interpreter's trace.
 */
export function macrostep(interpreter: Interpreter, selected: readonly CompiledTransition[], event: EventObject): void {
  const effects: Effects = { queue: [], assigned: false };
  const most = Math.min(MAX_MICROSTEPS, interpreter.machine.options.maxIterations ?? Number.POSITIVE_INFINITY);
  microstep(interpreter, selected, event, effects);
  let current = event;
  let askEventless = true;
  for (let steps = 1; !isOver(interpreter); steps += 1) {
    if (steps > most) throw new EndlessStep("a step does not come to rest");
    const eventless = askEventless ? selectEventless(interpreter, current) : [];
    if (eventless.length > 0) {
      askEventless = eventlessMicrostep(interpreter, eventless, current, effects);
      continue;
    }
    const raised = effects.queue.shift();
    if (raised === undefined) return;
    current = raised;
    microstep(interpreter, selectTransitions(interpreter, raised), raised, effects);
    askEventless = true;
  }
}

function isOver({ layout, trace }: Interpreter): boolean {
  return layout.mayEnd && trace.read(STATUS_SLOT) === DONE;
}

/** Returns whether XState takes the snapshot for a new one afterwards, and so looks for eventless transitions again. */
function eventlessMicrostep(
  interpreter: Interpreter,
  transitions: readonly CompiledTransition[],
  event: EventObject,
  effects: Effects,
): boolean {
  const { trace, layout } = interpreter;
  const before = new Map<number, number>();
  effects.assigned = false;
  trace.watch((slot, value) => {
    if (slot < layout.slots && !before.has(slot)) before.set(slot, value);
  });
  microstep(interpreter, transitions, event, effects);
  trace.watch(null);
  if (effects.assigned || [...before].some(([slot, value]) => trace.read(slot) !== value)) return true;
  return layout.historyNodes.some(({ slot }) => before.has(slot));
}
