import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from "xstate";
import { diningPhilosophers, dinnerEvents } from "../../engine/examples/dining-philosophers.js";
import { commitEvents, consistent, twoPhaseCommit } from "../../engine/examples/two-phase-commit.js";
import type { Model } from "../task.js";

/** A chart to explore, as its author hands it to any explorer. */
export interface Subject {
  readonly machine: AnyStateMachine;
  readonly events: readonly EventObject[];
  readonly invariants: Readonly<Record<string, (snapshot: AnyMachineSnapshot) => boolean>>;
  /** Tells states apart for the explorers that have no exact key of their own: sets vanish in plain JSON. */
  readonly key: (snapshot: AnyMachineSnapshot) => string;
}

/** A new machine of the model: whoever is timed from cold makes it within the time. */
export function subjectOf(model: Model, size: number): Subject {
  switch (model) {
    case "two-phase commit":
      return { machine: twoPhaseCommit(size), events: commitEvents(size), invariants: { consistent }, key };
    case "dining philosophers":
      return { machine: diningPhilosophers(size), events: dinnerEvents(size), invariants: {}, key };
  }
}

function key({ value, context }: AnyMachineSnapshot): string {
  return JSON.stringify([value, context], (_, member: unknown) =>
    member instanceof Set ? [...member].sort() : member,
  );
}
