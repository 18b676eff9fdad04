import type { Call, Driver, Snapshot } from "../../impl/driver.js";
import { allSuccess } from "../../impl/kernel/answers.js";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import { events } from "../../model/alphabet.js";
import { machineOf } from "../../model/machine.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { exploreProduct } from "../conformance/explore.js";
import { Specification } from "../conformance/specification.js";
import { edition, type Subject } from "../conformance/subject.js";
import { explore } from "../engine/index.js";

/** A measured speed: how much of what was done in a second. Medians of several rounds. */
export interface Speed {
  readonly what: string;
  readonly unit: string;
  readonly perSecond: number;
  /** Against the first speed of the same unit in this run: ratios hold when the machine's speed drifts. */
  readonly ratio: number;
}

const ROUNDS = 5;
const CALLS_A_ROUND = 20_000;
const SCOPE = defineScope({ pages: 2 });
const MACHINE = { kernel: "release", pages: SCOPE.pages, maxGrefs: 16 } as const;

/**
 * Measures, in one run: calls of each driver with a restore before and a snapshot after every one; edges of the product a
 * second; transitions of the chart a second.
 * @param cFile a C driver, or null where there is none.
 * @param now a clock, in milliseconds.
 */
export async function measure(cFile: Subject | null, now: () => number): Promise<readonly Speed[]> {
  const subjects = [edition("corrected", CORRECTED), edition("illumos", ILLUMOS), ...(cFile === null ? [] : [cFile])];
  const speeds: Omit<Speed, "ratio">[] = [];
  for (const subject of subjects) {
    const driver = await subject.open(MACHINE);
    speeds.push({
      what: subject.name,
      unit: "calls with restore and snapshot",
      perSecond: callsPerSecond(driver, now),
    });
  }
  for (const subject of subjects) {
    const perSecond = await median(async () => {
      const driver = await subject.open(MACHINE);
      const started = now();
      const { report } = await exploreProduct(new Specification(sizeOf(SCOPE)), driver, SCOPE);
      return (report.edges * 1000) / (now() - started);
    });
    speeds.push({ what: subject.name, unit: "edges of the product, judged", perSecond });
  }
  const perSecond = await median(async () => {
    const started = now();
    const { transitions } = await explore(machineOf(SCOPE), { events: events(SCOPE) });
    return (transitions * 1000) / (now() - started);
  });
  speeds.push({ what: "specification", unit: "transitions of the chart", perSecond });
  return speeds.map((speed) => ({ ...speed, ratio: speed.perSecond / firstOf(speeds, speed.unit) }));
}

const SCRIPT: readonly Call[] = [
  { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7 },
  { call: "add_gref_pte", seg: 0, page: 0, pte_ma: 0x9000n },
  { call: "release_grefs", seg: 0, page: 0, count: 2 },
  { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" },
];

function callsPerSecond(driver: Driver, now: () => number): number {
  driver.perform({ call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, allSuccess);
  const created = driver.snapshot();
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = now();
    for (let i = 0; i < CALLS_A_ROUND; i++) keep(oneCall(driver, created, i));
    rounds.push((CALLS_A_ROUND * 1000) / (now() - started));
  }
  // The first round warms up.
  return middle(rounds.slice(1));
}

function oneCall(driver: Driver, from: Snapshot, i: number): Snapshot {
  driver.restore(from);
  driver.perform(SCRIPT[i % SCRIPT.length] as Call, allSuccess); // the index is below the length
  return driver.snapshot();
}

/** Holds on to a result, so that it can't be left out. */
let kept: Snapshot | null = null;
function keep(snapshot: Snapshot): void {
  if (snapshot !== kept) kept = snapshot;
}

async function median(once: () => Promise<number>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await once());
  return middle(rounds.slice(1));
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function firstOf(speeds: readonly Omit<Speed, "ratio">[], unit: string): number {
  return speeds.find((speed) => speed.unit === unit)?.perSecond ?? 1;
}
