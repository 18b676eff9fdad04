import type { AnyStateNode, AnyTransitionDefinition } from "xstate";
import type { SegmentMachine, SpecView } from "../../../model/machine.js";
import { eventText } from "../../conformance/graph/describe.js";
import type { CourseStep } from "../../conformance/specification.js";
import { nodesOf } from "../../engine/chart.js";

import { conditionOf, internalWords } from "./words.js";

/** A state node of the chart. */
export interface ChartNode {
  readonly id: string;
  readonly key: string;
  readonly kind: "atomic" | "compound" | "parallel" | "final";
  readonly description: string | null;
  readonly isActive: boolean;
  /** Whether the last step entered it. */
  readonly isNew: boolean;
  readonly children: readonly ChartNode[];
}

/** A transition that was taken. */
export interface Taken {
  /** What the chart told itself, if it was not the event from outside. */
  readonly within: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly guard: string | null;
}

/** One event of the last call, with the transitions that it took. */
export interface TakenEvent {
  readonly event: string;
  readonly taken: readonly Taken[];
  readonly returns: string | null;
}

/** The chart with the states that are active in `view`, and those that were not in `before`. */
export function chartOf(machine: SegmentMachine, view: SpecView, before: SpecView | null): ChartNode {
  const active = activeIn(machine, view);
  const was = before === null ? active : activeIn(machine, before);
  const draw = (node: AnyStateNode): ChartNode => ({
    id: node.id,
    key: node.key,
    kind: kindOf(node),
    description: node.description ?? null,
    isActive: active.has(node.id),
    isNew: active.has(node.id) && !was.has(node.id),
    children: Object.values<AnyStateNode>(node.states).map(draw),
  });
  return draw(machine.root);
}

function activeIn(machine: SegmentMachine, { value }: SpecView): ReadonlySet<string> {
  return new Set(nodesOf(machine.root, value).map(({ id }) => id));
}

function kindOf({ type }: AnyStateNode): ChartNode["kind"] {
  return type === "history" ? "atomic" : type;
}

/** What a call did in the chart, event by event. */
export function takenIn(course: readonly CourseStep[]): readonly TakenEvent[] {
  return course.map(({ event, taken, result }) => ({
    event: eventText(event),
    taken: taken.map(plain),
    returns:
      result === null ? null : `${result.verdict}${result.verdict === "panics" ? "" : `, ${result.ret ?? "nothing"}`}`,
  }));
}

function plain(transition: AnyTransitionDefinition): Taken {
  const { source, target, eventType } = transition;
  return {
    within: internalWords(eventType),
    from: pathOf(source),
    to: (target ?? []).map(pathOf),
    guard: conditionOf(transition),
  };
}

/** A state node by its keys, without the outermost two, which all have in common. */
function pathOf(node: AnyStateNode): string {
  const path = node.path.filter((key) => key !== "running");
  return path.length === 0 ? "(root)" : path.join(".");
}
