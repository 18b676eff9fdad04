import { isDeepStrictEqual } from "node:util";
import { type AnyMachineSnapshot, type AnyStateMachine, type EventObject, initialTransition } from "xstate";
import { type Events, eventFunctions } from "../machine-system.js";
import { transition } from "./transition.js";

/**
 * A second explorer, written to be obviously right and to share nothing with the engine: XState's pure functions, Node's
 * own deep equality, a list instead of a map.
 */

interface Seen {
  readonly snapshot: AnyMachineSnapshot;
  readonly content: unknown;
  readonly path: readonly EventObject[];
}

export interface BruteForce {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly deadlocks: number;
  /** How often each custom action ran, by its type, over all transitions and the start. */
  readonly actions: ReadonlyMap<string, number>;
  /** All states in the order in which they were found. */
  readonly seen: readonly Seen[];
}

export function bruteForce(machine: AnyStateMachine, events: Events, input?: unknown): BruteForce {
  const actions = new Map<string, number>();
  const run = (executed: readonly { readonly type: string }[]): void => {
    for (const { type } of executed) actions.set(type, (actions.get(type) ?? 0) + 1);
  };
  const [first, entered] = initialTransition(machine, input);
  if (first.status === "error") throw first.error;
  run(entered);
  const seen: Seen[] = [{ snapshot: first, content: content(first), path: [] }];
  const buckets = new Map([[bucketOf(first), [...seen]]]);
  let transitions = 0;
  let deadlocks = 0;
  for (const { snapshot, path } of seen) {
    const given =
      eventFunctions(events)?.flatMap((eventsOf) => eventsOf(snapshot)) ?? (events as readonly EventObject[]);
    const enabled = different(given).filter((event) => snapshot.can(event));
    if (enabled.length === 0 && snapshot.status !== "done") deadlocks += 1;
    for (const event of enabled) {
      const [next, executed] = transition(machine, snapshot, event);
      run(executed);
      transitions += 1;
      const found = { snapshot: next, content: content(next), path: [...path, event] };
      const bucket = buckets.get(bucketOf(next)) ?? [];
      if (bucket.some((other) => isDeepStrictEqual(other.content, found.content))) continue;
      buckets.set(bucketOf(next), [...bucket, found]);
      seen.push(found);
    }
  }
  const depth = Math.max(...seen.map(({ path }) => path.length)) + 1;
  return { states: seen.length, transitions, depth, deadlocks, actions, seen };
}

function different(events: readonly EventObject[]): EventObject[] {
  return events.filter((event, index) => !events.slice(0, index).some((other) => isDeepStrictEqual(other, event)));
}

function content({ status, value, context, historyValue, output }: AnyMachineSnapshot): unknown {
  const history = Object.entries(historyValue).map(([id, nodes]) => [id, new Set(nodes.map((node) => node.id))]);
  return {
    status,
    value,
    context: context as unknown,
    output: output as unknown,
    history: Object.fromEntries(history),
  };
}

/** Only makes the list of candidates shorter: states in different buckets have different state values. */
function bucketOf(snapshot: AnyMachineSnapshot): string {
  return JSON.stringify(snapshot.value, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}
