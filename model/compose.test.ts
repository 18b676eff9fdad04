import test from "ava";
import { getInitialSnapshot } from "xstate";
import { stateKey } from "../checks/engine/index.js";
import { transition } from "../checks/engine/testing/transition.js";
import { events } from "./alphabet.js";
import { compose } from "./compose.js";
import { segmentOf } from "./context.js";
import { machineOf, type SpecSnapshot } from "./machine.js";
import { panicked, project, quiescent, registration } from "./projection.js";
import { ALL_FAULTS, defineScope } from "./scope.js";

/** The segment as `compose` takes it. */
function recomposed(machine: ReturnType<typeof machineOf>, snapshot: SpecSnapshot): SpecSnapshot | null {
  const [segment] = project(snapshot).segments;
  if (!segment) return null;
  const pages = segment.pages.map((holds, page) => ({ holds, registration: registration(snapshot, 0, page) }));
  return compose(machine, 1, { ...segment, pages });
}

test("every state with a segment is put together again from what is seen of it", (t) => {
  const faults = new Set([...ALL_FAULTS].filter((fault) => fault !== "waiting"));
  const scope = defineScope({ pages: 1, domids: [7], alphabet: "wide", faults });
  const machine = machineOf(scope);
  const all = events(scope);
  const initial = getInitialSnapshot(machine);
  const reached = new Map([[stateKey(initial), initial]]);
  let composed = 0;
  for (const snapshot of reached.values()) {
    if (panicked(snapshot)) continue;
    if (quiescent(snapshot) && segmentOf(snapshot.context, 0) !== null) {
      const again = recomposed(machine, snapshot);
      t.is(again && stateKey(again), stateKey(snapshot));
      composed++;
    }
    for (const event of all(snapshot)) {
      const [next] = transition(machine, snapshot, event);
      const key = stateKey(next);
      if (!reached.has(key)) reached.set(key, next);
    }
  }
  t.is(composed, 38);
});
