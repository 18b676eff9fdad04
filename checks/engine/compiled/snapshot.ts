import { type AnyMachineSnapshot, type AnyStateNode, type EventObject, matchesState, type StateValue } from "xstate";
import { activeChild, type Configuration, regionsOf, stateValueOf, visitActive } from "./configuration.js";
import { remembered } from "./history.js";
import { contextFor, type Interpreter } from "./interpreter.js";
import { type ChartNode, DONE, type Layout, OUTPUT_SLOT, STATUS_SLOT } from "./layout.js";
import { selectTransitions } from "./select.js";

/*
 * A state as users see it, a snapshot of XState's: whole, or as one that notes what is looked at, so that an invariant or
 * an alphabet is evaluated once for each combination of what it looks at.
 */

/** The snapshot that a state stands for, made of plain data. `state` holds a number for each slot. */
export function plainSnapshot(interpreter: Interpreter, state: Int32Array): AnyMachineSnapshot {
  const { status, value, context, historyValue } = plainView(interpreter, state);
  const resolved: AnyMachineSnapshot = interpreter.machine.resolveState({ value, context, historyValue });
  const output = interpreter.outputs.value(state[OUTPUT_SLOT] ?? 0);
  // XState would work out the status anew: but a machine that was done once stays so wherever it goes.
  return { ...resolved, value, status, output } as AnyMachineSnapshot;
}

/** What tells a snapshot from others, its output left out; the rest of it follows from the chart. */
export type MachineView = Pick<AnyMachineSnapshot, "status" | "value" | "context" | "historyValue">;

/** The view of the state that `state` holds a number for each slot of. */
export function plainView(interpreter: Interpreter, state: Int32Array): MachineView {
  const { context, layout } = interpreter;
  const configuration: Configuration = { read: (slot) => state[slot] ?? 0 };
  return {
    status: configuration.read(STATUS_SLOT) === DONE ? "done" : "active",
    value: plainValue(layout, configuration, layout.root),
    context: context.plain((slot) => configuration.read(slot)),
    historyValue: plainHistory(interpreter, configuration),
  };
}

function plainValue(layout: Layout, configuration: Configuration, node: ChartNode): StateValue {
  const child = node.kind === "compound" ? activeChild(configuration, node) : undefined;
  if (child !== undefined && child.children.length === 0 && child.kind !== "parallel") return child.state.key;
  const regions = node.kind === "parallel" ? regionsOf(layout, configuration, node) : [];
  const below = child === undefined ? regions : [child];
  return Object.fromEntries(below.map((inner) => [inner.state.key, plainValue(layout, configuration, inner)]));
}

function plainHistory(
  { layout, remembered }: Interpreter,
  configuration: Configuration,
): AnyMachineSnapshot["historyValue"] {
  const history: Record<string, AnyStateNode[]> = {};
  for (const node of layout.historyNodes) {
    const id = configuration.read(node.slot);
    if (id === 0) continue;
    const orders = remembered.value(id) as readonly number[];
    // Orders are places in the list of nodes.
    history[node.state.id] = orders.map((order) => (layout.nodes[order] as ChartNode).state);
  }
  return history;
}

/** The state under evaluation, as a snapshot that notes in the interpreter's trace what is looked at. */
export function notingSnapshot(interpreter: Interpreter): AnyMachineSnapshot {
  const snapshot: object = new NotingSnapshot(interpreter);
  return snapshot as AnyMachineSnapshot;
}

class NotingSnapshot {
  readonly #interpreter: Interpreter;
  readonly error = undefined;
  readonly children = {};

  constructor(interpreter: Interpreter) {
    this.#interpreter = interpreter;
  }

  get machine() {
    return this.#interpreter.machine;
  }

  get status(): "active" | "done" {
    return this.#interpreter.trace.read(STATUS_SLOT) === DONE ? "done" : "active";
  }

  get output(): unknown {
    return this.#interpreter.outputs.value(this.#interpreter.trace.read(OUTPUT_SLOT));
  }

  get context(): unknown {
    return contextFor(this.#interpreter);
  }

  get value(): StateValue {
    const { layout, trace } = this.#interpreter;
    return stateValueOf(layout, trace, layout.root);
  }

  get historyValue(): AnyMachineSnapshot["historyValue"] {
    const history: Record<string, AnyStateNode[]> = {};
    for (const node of this.#interpreter.layout.historyNodes) {
      const nodes = remembered(this.#interpreter, node);
      if (nodes !== null) history[node.state.id] = nodes.map(({ state }) => state);
    }
    return history;
  }

  get _nodes(): AnyStateNode[] {
    return this.#active(() => true);
  }

  get tags(): Set<string> {
    return new Set(this.#active(({ tagged }) => tagged).flatMap(({ tags }) => tags));
  }

  matches(test: StateValue): boolean {
    return matchesState(test, this.value);
  }

  hasTag(tag: string): boolean {
    return this.tags.has(tag);
  }

  can(event: EventObject): boolean {
    return selectTransitions(this.#interpreter, event).some(({ forbidden }) => !forbidden);
  }

  getMeta(): Record<string, unknown> {
    const meta: Record<string, unknown> = {};
    for (const node of this._nodes) if (node.meta !== undefined) meta[node.id] = node.meta;
    return meta;
  }

  toJSON(): object {
    const { status, output, context, value, children, historyValue, tags } = this;
    return { status, output, error: undefined, context, value, children, historyValue, tags: [...tags] };
  }

  #active(wanted: (node: ChartNode) => boolean): AnyStateNode[] {
    const nodes: AnyStateNode[] = [];
    visitActive(this.#interpreter.trace, this.#interpreter.layout.root, wanted, ({ state }) => void nodes.push(state));
    return nodes;
  }
}
