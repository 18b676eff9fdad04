import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  type AnyTransitionDefinition,
  createEmptyActor,
  type EventObject,
  type InspectionEvent,
} from "xstate";
import { assertClosed, assertMachine, isForbidden, mentions, nodesOf, stateNodes } from "./chart.js";
import { CoverageCounter } from "./coverage.js";
import { describeThrown } from "./describe.js";
import { EngineError } from "./errors.js";
import { Alphabet, type OfferedEvent } from "./events.js";
import { stateKey } from "./key.js";
import { eventFunctions, type Events, type EventsOf, type MachineSystem } from "./machine-system.js";
import { blame, blameStart, endlessStep, isEndless } from "./throwing.js";

/** As many microsteps in one step: the machine runs in a circle of eventless transitions or raised events. */
const MAX_MICROSTEPS = 10_000;

/**
 * The reference engine: states are XState's snapshots, and each step is XState's own `machine.transition`. Slow, and
 * right by construction; other engines are measured against it.
 *
 * XState's pure functions `initialTransition` and `transition` do the same, but make an actor scope anew for each step;
 * here one inert scope serves for all, which is several times faster. Effects (custom actions, `emit`, `log`, delays) are
 * not executed.
 *
 * @throws EngineError `bad-option`, `bad-event`, `not-closed`
 */
export function referenceSystem(
  machine: AnyStateMachine,
  events: Events,
  input?: unknown,
): MachineSystem<AnyMachineSnapshot> {
  assertMachine(machine);
  assertClosed(machine);
  return new ReferenceSystem(machine, events, input);
}

class ReferenceSystem implements MachineSystem<AnyMachineSnapshot> {
  readonly #machine: AnyStateMachine;
  /** The alphabet, if it depends on the state. */
  readonly #functions: readonly EventsOf[] | null;
  readonly #input: unknown;
  readonly #coverage: CoverageCounter;
  readonly #alphabet = new Alphabet();
  /** The alphabet, if it is the same in every state. */
  readonly #fixed: readonly OfferedEvent[] | undefined;
  readonly #scope: AnyActorScope;
  /** By event type, the state nodes that mention it. */
  readonly #handlers = new Map<string, ReadonlySet<AnyStateNode>>();
  #stateNumber = 0;
  /** The snapshot that the next microstep starts from. */
  #before: AnyMachineSnapshot | undefined;
  #microsteps = 0;
  #sentToItself = false;

  constructor(machine: AnyStateMachine, events: Events, input: unknown) {
    this.#machine = machine;
    this.#input = input;
    this.#coverage = new CoverageCounter(machine);
    this.#functions = eventFunctions(events);
    this.#scope = this.#inertScope();
    if (this.#functions !== null) return;
    if (!Array.isArray(events)) throw badEvents();
    this.#fixed = [...new Set(events.map((event, index) => this.#alphabet.intern(event, index)))];
  }

  initial(): AnyMachineSnapshot {
    this.#begin(undefined);
    const snapshot: AnyMachineSnapshot = this.#machine.getInitialSnapshot(this.#scope, this.#input);
    if (snapshot.status === "error") throw this.#notStarted(snapshot);
    this.#refuseSelfSending(undefined);
    return snapshot;
  }

  enabled(state: AnyMachineSnapshot): EventObject[] {
    const enabled: EventObject[] = [];
    const active = nodesOf(this.#machine.root, state.value);
    for (const offered of this.#fixed ?? this.#offeredIn(state)) {
      if (!this.#mayHandle(active, offered.event.type) || !this.#can(state, offered.event)) continue;
      offered.enabled += 1;
      enabled.push(offered.event);
    }
    return enabled;
  }

  next(state: AnyMachineSnapshot, event: EventObject): AnyMachineSnapshot {
    this.#begin(state);
    let next: AnyMachineSnapshot;
    try {
      next = this.#machine.transition(state, event, this.#scope);
    } catch (thrown) {
      throw this.#stepFailed(this.#before ?? state, event, thrown);
    }
    this.#refuseSelfSending(event);
    return next;
  }

  key(state: AnyMachineSnapshot): string {
    return stateKey(state);
  }

  snapshot(state: AnyMachineSnapshot): AnyMachineSnapshot {
    return state;
  }

  coverage() {
    return this.#coverage.result(this.#alphabet.offered());
  }

  /** What `snapshot.can(event)` says; asked so that the selected transitions are known as well. */
  #can(state: AnyMachineSnapshot, event: EventObject): boolean {
    let selected: readonly AnyTransitionDefinition[];
    try {
      selected = this.#machine.getTransitionData(state, event);
    } catch (thrown) {
      throw blame(state, event, thrown);
    }
    if (selected.length === 0) return false;
    if (!selected.every(isForbidden)) return true;
    this.#coverage.blocked(selected);
    return false;
  }

  /** False only where no active state node mentions the event: asking XState costs some microseconds each time. */
  #mayHandle(active: readonly AnyStateNode[], type: string): boolean {
    let nodes = this.#handlers.get(type);
    if (nodes === undefined) {
      nodes = new Set(stateNodes(this.#machine).filter((node) => mentions(node, type)));
      this.#handlers.set(type, nodes);
    }
    for (const node of active) {
      if (nodes.has(node)) return true;
    }
    return false;
  }

  #offeredIn(state: AnyMachineSnapshot): OfferedEvent[] {
    const given = this.#given(state);
    this.#stateNumber += 1;
    const offered: OfferedEvent[] = [];
    given.forEach((event, index) => {
      const known = this.#alphabet.intern(event, index);
      if (known.lastOfferedAt === this.#stateNumber) return;
      known.lastOfferedAt = this.#stateNumber;
      offered.push(known);
    });
    return offered;
  }

  #given(state: AnyMachineSnapshot): readonly EventObject[] {
    return (this.#functions ?? []).flatMap((eventsOf) => {
      let given: readonly EventObject[];
      try {
        given = eventsOf(state);
      } catch (thrown) {
        throw eventsThrew(thrown);
      }
      if (!Array.isArray(given)) throw badEvents();
      return given;
    });
  }

  #begin(state: AnyMachineSnapshot | undefined): void {
    this.#before = state;
    this.#microsteps = 0;
    this.#sentToItself = false;
  }

  /** A scope in which nothing is executed, and whose system reports every microstep. */
  #inertScope(): AnyActorScope {
    const self = createEmptyActor();
    const system: AnyActorScope["system"] = self.system;
    system.inspect((event: InspectionEvent) => this.#inspect(event));
    return {
      self,
      system,
      id: this.#machine.id,
      sessionId: "",
      logger: ignored,
      defer: ignored,
      emit: ignored,
      stopChild: ignored,
      actionExecutor: ({ type, params }) => {
        if (type === "xstate.sendTo" && isNow(params) && params.to === self) this.#sentToItself = true;
      },
    };
  }

  #inspect(event: InspectionEvent): void {
    if (event.type !== "@xstate.microstep") return;
    const after = event.snapshot as AnyMachineSnapshot;
    this.#coverage.microstep(event._transitions, this.#before ?? this.#entered());
    this.#before = after;
    this.#microsteps += 1;
    if (this.#microsteps >= MAX_MICROSTEPS) throw endlessStep(after, this.#microsteps);
  }

  /** The configuration that the machine is entered in; XState does not report the microstep that leads there. */
  #entered(context: unknown = {}): AnyMachineSnapshot {
    return this.#machine.resolveState({ value: {}, context });
  }

  /** What a machine sends itself would come later, as an event of its own: leaving it out would be wrong in silence. */
  #refuseSelfSending(event: EventObject | undefined): void {
    if (!this.#sentToItself) return;
    throw new EngineError("not-closed", "The machine sends itself an event with sendTo.", {
      event,
      hint: "Use raise: what is raised belongs to the step in which it is raised.",
    });
  }

  #stepFailed(before: AnyMachineSnapshot, event: EventObject, thrown: unknown): EngineError {
    if (thrown instanceof EngineError) return thrown;
    return isEndless(thrown) ? endlessStep(before, this.#microsteps) : blame(before, event, thrown);
  }

  #notStarted(snapshot: AnyMachineSnapshot): EngineError {
    const cause: unknown = snapshot.error;
    if (cause instanceof EngineError) return cause;
    const before = this.#before ?? this.#entered(snapshot.context);
    return isEndless(cause) ? endlessStep(before, this.#microsteps) : blameStart(before, cause);
  }
}

function ignored(): void {
  // An effect: not executed.
}

function isNow(params: unknown): params is { readonly to: unknown } {
  return (
    typeof params === "object" &&
    params !== null &&
    "to" in params &&
    !("delay" in params && params.delay !== undefined)
  );
}

function eventsThrew(thrown: unknown): EngineError {
  return new EngineError("events-threw", `The function given as events threw: ${describeThrown(thrown)}.`, {
    cause: thrown,
    hint: "It is called once for every reachable state, unusual ones included.",
  });
}

function badEvents(): EngineError {
  return new EngineError(
    "bad-option",
    "events must be an array of events, or a function of the snapshot that returns one (or a list of such functions).",
  );
}
