import type { EventObject } from "xstate";
import type { Effects } from "./actions.js";
import { type Configuration, isDone } from "./configuration.js";
import { actionArguments, type Interpreter, observed } from "./interpreter.js";
import { type ChartNode, DONE, OUTPUT_SLOT, STATUS_SLOT } from "./layout.js";

/** A final node was entered: its parent is done, and so may be the parallel nodes above, and the machine. */
export function finish(
  interpreter: Interpreter,
  configuration: Configuration,
  node: ChartNode,
  completed: Set<ChartNode>,
  event: EventObject,
  { queue }: Effects,
): void {
  const { parent } = node;
  let above = parent?.kind === "parallel" ? parent : (parent?.parent ?? null);
  let completion = above ?? node;
  if (parent?.kind === "compound") {
    const output = node.state.output === undefined ? undefined : outputOf(interpreter, node, event);
    queue.push(interpreter.internal.intern(doneEvent(parent, output)));
  }
  while (above !== null && above.kind === "parallel" && !completed.has(above) && isDone(configuration, above)) {
    completed.add(above);
    queue.push(interpreter.internal.intern(doneEvent(above, undefined)));
    completion = above;
    above = above.parent;
  }
  if (above === null) endMachine(interpreter, completion, event);
}

function doneEvent({ state }: ChartNode, output: unknown): EventObject {
  const event: EventObject & { readonly output: unknown } = { type: `xstate.done.state.${state.id}`, output };
  return event;
}

type WithOutput = (args: object) => unknown;

function outputOf(interpreter: Interpreter, { state }: ChartNode, event: EventObject): unknown {
  const output: unknown = state.output;
  if (typeof output !== "function") return output;
  return observed(interpreter, () => (output as WithOutput)(actionArguments(interpreter, event)));
}

/** The output is worked out at once, before what else the step enters and leaves. */
function endMachine(interpreter: Interpreter, completion: ChartNode, event: EventObject): void {
  const { trace, layout, outputs } = interpreter;
  trace.write(STATUS_SLOT, DONE);
  const output = machineOutput(interpreter, layout.root, completion, event);
  trace.write(OUTPUT_SLOT, output === undefined ? 0 : outputs.idOf(output));
}

function machineOutput(interpreter: Interpreter, root: ChartNode, completion: ChartNode, event: EventObject): unknown {
  if (root.state.output === undefined) return undefined;
  const hasOwn = completion.state.output !== undefined && completion.parent !== null;
  return outputOf(
    interpreter,
    root,
    doneEvent(completion, hasOwn ? outputOf(interpreter, completion, event) : undefined),
  );
}
