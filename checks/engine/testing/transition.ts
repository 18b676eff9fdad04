import {
  type AnyActorScope,
  type AnyStateMachine,
  createActor,
  type EventFromLogic,
  type ExecutableActionObject,
  type SnapshotFrom,
} from "xstate";

interface Inert {
  readonly scope: AnyActorScope;
  actions: ExecutableActionObject[];
}

/** By machine: what its steps are taken in. */
const inert = new WeakMap<AnyStateMachine, Inert>();

/**
 * XState's own `transition`, for explorers written for tests: it makes an actor for each step, which takes longer than the
 * step does. This one makes one actor for all steps of a machine.
 */
export function transition<Machine extends AnyStateMachine>(
  machine: Machine,
  snapshot: SnapshotFrom<Machine>,
  event: EventFromLogic<Machine>,
): readonly [next: SnapshotFrom<Machine>, actions: readonly ExecutableActionObject[]] {
  const own = inert.get(machine) ?? inertActor(machine);
  inert.set(machine, own);
  own.actions = [];
  const next = machine.transition(snapshot, event, own.scope) as SnapshotFrom<Machine>;
  return [next, own.actions];
}

function inertActor(machine: AnyStateMachine): Inert {
  const self = createActor(machine);
  const none = () => undefined;
  const effects = { logger: none, defer: none, emit: none, stopChild: none };
  const own: Inert = {
    scope: {
      self,
      system: self.system,
      id: "",
      sessionId: "",
      ...effects,
      actionExecutor: (action: ExecutableActionObject) => void own.actions.push(action),
    },
    actions: [],
  };
  return own;
}
