import type { Call, Driver, Machine, Snapshot } from "../../../impl/driver.js";
import { allSuccess } from "../../../impl/kernel/answers.js";
import { CORRECTED, ILLUMOS } from "../../../impl/segmf/edition.js";
import { sizeOf } from "../../../model/plan.js";
import { defineScope } from "../../../model/scope.js";
import { exploreProduct } from "../../conformance/explore.js";
import { nativeSubject } from "../../conformance/nativesubject.js";
import { Specification } from "../../conformance/specification.js";
import { edition, type Subject } from "../../conformance/subject.js";
import type { BenchDriver, BenchScope, Counts } from "../task.js";

/** Prepares the exploration of the product of our specification and a driver, every edge compared and judged. */
export async function product(driver: BenchDriver, benchScope: BenchScope): Promise<() => Promise<Counts>> {
  const scope = defineScope(benchScope);
  const subject = subjectOf(driver);
  await subject.open(machineOf(scope.pages)); // compiles a C file
  return async () => {
    const opened = await subject.open(machineOf(scope.pages));
    const { report } = await exploreProduct(new Specification(sizeOf(scope)), opened, scope);
    return { states: report.states, transitions: report.edges };
  };
}

const SCRIPT: readonly Call[] = [
  { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7 },
  { call: "add_gref_pte", seg: 0, page: 0, pte_ma: 0x9000n },
  { call: "release_grefs", seg: 0, page: 0, count: 2 },
  { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" },
];

/** Prepares calls of a driver, with a restore before and a snapshot after each. */
export async function calls(benchDriver: BenchDriver, howMany: number): Promise<() => Counts> {
  const driver = await subjectOf(benchDriver).open(machineOf(2));
  driver.perform({ call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, allSuccess);
  const created = driver.snapshot();
  return () => {
    for (let i = 0; i < howMany; i++) keep(oneCall(driver, created, i));
    return { transitions: howMany };
  };
}

function machineOf(pages: number): Machine {
  return { kernel: "release", pages, maxGrefs: 16 };
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

/** One a C file, whatever is measured of it: it is compiled once. */
const files = new Map<string, Subject>();

function subjectOf(driver: BenchDriver): Subject {
  if (driver === "corrected") return edition(driver, CORRECTED);
  if (driver === "illumos") return edition(driver, ILLUMOS);
  const known = files.get(driver.file) ?? nativeSubject(driver.file);
  files.set(driver.file, known);
  return known;
}
