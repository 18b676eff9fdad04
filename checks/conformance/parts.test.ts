import test from "ava";
import { events } from "../../model/alphabet.js";
import { segmentsOf } from "../../model/context.js";
import type { SpecSnapshot } from "../../model/machine.js";
import { machineOf } from "../../model/machine.js";
import { quiescent } from "../../model/projection.js";
import { defineScope } from "../../model/scope.js";
import { explore, stateKey, valueKey } from "../engine/index.js";
import { specificationParts } from "./parts.js";

const scope = defineScope({ pages: 1, domids: [7], forks: 1, faults: new Set(["addmap", "waiting"]) });

/** Explored once for all tests. */
const snapshots = explored();

async function explored(): Promise<readonly SpecSnapshot[]> {
  const all: SpecSnapshot[] = [];
  await explore(machineOf(scope), {
    events: events(scope),
    // Its snapshots can be kept. Those of the compiled engine are for the moment.
    engine: "reference",
    invariants: {
      "is seen": (snapshot) => {
        all.push(snapshot);
        return true;
      },
    },
  });
  return all;
}

test("a quiescent state comes apart by segment, so that equal parts are equal states, and no other state does", async (t) => {
  const all = await snapshots;
  const byParts = new Map<string, string>();
  let apart = 0;
  for (const snapshot of all) {
    const parts = specificationParts(snapshot);
    t.is(parts === null, !quiescent(snapshot) || snapshot.value === "panicked");
    if (parts === null) continue;
    apart++;
    t.is(parts.segments.length, segmentsOf(snapshot.context).length);
    const key = valueKey([parts.segments, parts.rest]);
    t.is(byParts.get(key) ?? stateKey(snapshot), stateKey(snapshot));
    byParts.set(key, stateKey(snapshot));
  }
  t.is(byParts.size, apart, "each state is seen once");
  t.is(new Set(byParts.values()).size, byParts.size);
});

test("of a segment's part nothing shows in the rest but whether it lives", async (t) => {
  const rests = new Map<string, Set<string>>();
  for (const snapshot of await snapshots) {
    const parts = specificationParts(snapshot);
    if (parts === null) continue;
    const lives = segmentsOf(snapshot.context).map((segment) => segment?.stillborn ?? null);
    const known = rests.get(parts.rest) ?? new Set();
    rests.set(parts.rest, known.add(valueKey(lives)));
  }
  for (const lives of rests.values()) t.is(lives.size, 1);
  // No segment; a parent live, stillborn, gone; and with a live parent or one that is gone a child in any of the three.
  t.is(rests.size, 1 + 3 + 6);
});
