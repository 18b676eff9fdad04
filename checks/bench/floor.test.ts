import { readFileSync } from "node:fs";
import test from "ava";
import { peers } from "./cases/peers.js";
import { type Floor, floorText, standings } from "./floor.js";
import type { BenchReport } from "./measure.js";
import { rowOf } from "./result.js";
import { sizesOf } from "./sizes.js";

const FLOOR: Floor = JSON.parse(readFileSync(new URL("../../../checks/bench/floor.json", import.meta.url), "utf8"));

/** A run in which a peer took so many times as long as the engine. */
function run(times: number): BenchReport {
  const row = (by: string, how: "warm" | "cold", ms: number) => rowOf({ what: "grid", by, how, counts: {}, ms: [ms] });
  const rows = [
    row("engine", "warm", 2),
    row("Map", "warm", 2 * times),
    row("engine", "cold", 2),
    row("Map", "cold", 1),
  ];
  const { name, title } = peers;
  const cases = [{ name, title, rows, goals: [] }];
  return { format: "segmf-bench/2", effort: "quick", engine: "compiled", complete: true, cases };
}

test("a ratio holds from the recorded share on, and the best of several runs counts", (t) => {
  const floor: Floor = { share: 0.5, ratios: { grid: { Map: 10 } } };
  const holds = (...runs: readonly number[]) => standings(floor, runs.map(run)).map((each) => each.holds);
  t.deepEqual(holds(5), [true]);
  t.deepEqual(holds(4.9), [false]);
  t.deepEqual(holds(1, 12, 2), [true]);
  t.is(
    floorText(standings(floor, [run(4)])),
    "BELOW  grid: Map takes 4.0x as long as the engine (recorded 10.0x, at least 5.0x)\n",
  );
});

test("what was not measured does not hold", (t) => {
  const floor: Floor = { share: 0.5, ratios: { grid: { list: 10 } } };
  t.is(floorText(standings(floor, [run(50)])), "BELOW  grid: list was not measured (recorded 10.0x, at least 5.0x)\n");
});

test("what is recorded are ratios of the largest sizes that are measured, against peers and not against what is faster", (t) => {
  t.true(FLOOR.share > 0 && FLOOR.share < 1);
  const { peers: managers, peerPhilosophers } = sizesOf("default");
  const [n, seats] = [managers.at(-1), peerPhilosophers.at(-1)];
  t.deepEqual(Object.keys(FLOOR.ratios), [`two-phase commit, ${n}`, `dining philosophers, ${seats}`]);
  for (const ratios of Object.values(FLOOR.ratios)) {
    t.deepEqual(Object.keys(ratios), ["getAdjacencyMap", "getShortestPaths", "XState + Map"]);
    for (const each of Object.values(ratios)) t.true(each > 1);
  }
});
