import type { SnapshotFrom } from "xstate";
import { initialContext } from "./context.js";
import { type ChartSize, plan as planFor, sizeOf } from "./plan.js";
import { callRegion } from "./regions/call.js";
import { segmentRegion } from "./regions/segment.js";
import type { Scope } from "./scope.js";
import { chart } from "./vocabulary.js";

/**
 * The specification: contract section 3 as a statechart of a segment and its forks over one hypervisor. Its events are
 * `SpecEvent`; what a call returns is an action of the step that ends it (`returned`). After the panic that section 3
 * prescribes it is in its only final state (D7). A size says what there is of everything; what a size rules out has no
 * transition, so that every transition can be reached.
 */
export function segmentMachine(size: ChartSize) {
  const plan = planFor(size);
  const segments = Array.from(
    { length: plan.numbers.all },
    (_, seg) => [`segment${seg}`, segmentRegion(plan, seg)] as const,
  );
  return chart.createMachine({
    id: "segmf",
    context: initialContext(plan.numbers.all, plan.pages),
    initial: "running",
    states: {
      running: { type: "parallel", states: { call: callRegion(plan), ...Object.fromEntries(segments) } },
      panicked: { id: "panicked", type: "final" },
    },
  });
}

/** The specification of a scope: all that the scope's alphabet reaches, and nothing else. */
export function machineOf(scope: Scope): SegmentMachine {
  return segmentMachine(sizeOf(scope));
}

export type SegmentMachine = ReturnType<typeof segmentMachine>;
/** A state of the specification. */
export type SpecSnapshot = SnapshotFrom<SegmentMachine>;
/** What of a state of the specification says all of it. */
export type SpecView = Pick<SpecSnapshot, "status" | "value" | "context" | "historyValue">;
