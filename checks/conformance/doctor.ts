import { NativeError } from "../../impl/native/index.js";
import { ERRATA } from "../../impl/segmf/errata.js";
import { events } from "../../model/alphabet.js";
import { machineOf } from "../../model/machine.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import { ALL_SUCCEED, type Scenario } from "../../traces/scenario/scenario.js";
import { explore } from "../engine/index.js";
import { CORPUS_INDEX, type CorpusEntry, type CorpusIndex } from "./corpusindex.js";
import { exploreProduct } from "./explore.js";
import { nativeSubject } from "./nativesubject.js";
import { FIELD_MAX_GREFS, isViolated, runScenario } from "./run.js";
import { Specification } from "./specification.js";
import { edition } from "./subject.js";

/** What was looked at, and how it is. `absent`: it is not installed, and need not be. */
export interface Examined {
  readonly what: string;
  readonly outcome: "right" | "wrong" | "absent";
  /** What was seen; where it is wrong, what was expected as well. */
  readonly seen: string;
}

/** The parts of an installation that are files: what is recorded, and a C driver that does what the corrected one does. */
export interface Installation {
  /** The text of a file in `traces/corpus/`. */
  readonly recorded: (path: string) => string;
  readonly cDriver: string;
}

const COMPILED = "does what the contract says";

/** Known of 1 page with nothing else said of the scope. The tests assert the same counts, of several engines. */
const KNOWN = { chart: "51 states, 1235 transitions", product: "26 states, 1417 edges, no violation" } as const;

/**
 * Whether this installation does what it should, in a few seconds: known counts, every recorded counterexample, and a C
 * file. What throws is wrong.
 */
export async function* examine(installation: Installation): AsyncGenerator<Examined> {
  yield await examined("the specification at 1 page", chartCounts, KNOWN.chart);
  yield await examined("the corrected driver at 1 page", productCounts, KNOWN.product);
  const all = `${ERRATA.length} of ${ERRATA.length} errata found, the corrected driver clean`;
  yield await examined("recorded counterexamples", () => recordedErrata(installation), all);
  yield await examined("a C driver, compiled to WebAssembly", () => compiled(installation), COMPILED);
}

async function examined(what: string, look: () => Promise<string>, expected: string): Promise<Examined> {
  try {
    const seen = await look();
    return seen === expected
      ? { what, outcome: "right", seen }
      : { what, outcome: "wrong", seen: `${seen}; expected ${expected}` };
  } catch (error) {
    if (error instanceof NativeError && error.kind === "no-compiler") {
      return { what, outcome: "absent", seen: `no compiler, so no C file can be checked: ${error.message}` };
    }
    return { what, outcome: "wrong", seen: error instanceof Error ? error.message : String(error) };
  }
}

const SCOPE = defineScope({ pages: 1 });

async function chartCounts(): Promise<string> {
  const { states, transitions } = await explore(machineOf(SCOPE), { events: events(SCOPE) });
  return `${states} states, ${transitions} transitions`;
}

async function productCounts(): Promise<string> {
  const machine = { kernel: "debug", pages: SCOPE.pages, maxGrefs: FIELD_MAX_GREFS } as const;
  const driver = await edition("corrected", new Set()).open(machine);
  const { report } = await exploreProduct(new Specification(sizeOf(SCOPE)), driver, SCOPE);
  const violations = report.violatingEdges === 0 ? "no violation" : `${report.violatingEdges} violating`;
  return `${report.states} states, ${report.edges} edges, ${violations}`;
}

/** Performs each recorded counterexample on the driver with that erratum alone, and on the corrected one. */
async function recordedErrata({ recorded }: Installation): Promise<string> {
  const index = JSON.parse(recorded(CORPUS_INDEX)) as CorpusIndex;
  const corrected = edition("corrected", new Set());
  const lost = new Set<string>(ERRATA.map(({ id }) => id));
  const unclean: string[] = [];
  for (const entry of index.errata) {
    const scenario = scenarioOf(entry, recorded);
    if (scenario === null) continue;
    const { erratum, kernel } = entry;
    const run = await runScenario(edition(erratum, new Set([erratum])), kernel, scenario);
    const broken = new Set(run.steps.flatMap(({ violations }) => violations.map(({ invariant }) => invariant)));
    if (entry.invariants.length > 0 && entry.invariants.every((id) => broken.has(id))) lost.delete(erratum);
    if (isViolated(await runScenario(corrected, kernel, scenario))) unclean.push(erratum);
  }
  const found = `${ERRATA.length - lost.size} of ${ERRATA.length} errata found`;
  return `${found}, the corrected driver ${unclean.length === 0 ? "clean" : `breaks ${unclean.join(", ")}`}`;
}

function scenarioOf({ file }: CorpusEntry, recorded: Installation["recorded"]): Scenario | null {
  return file === null ? null : parseScenario(recorded(file), file);
}

/** Frames, one of them refused, on a segment and on its child. */
const FRAMES: Scenario = {
  pages: 2,
  steps: [
    { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED },
    {
      call: { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7 },
      answers: { ...ALL_SUCCEED, update_va_mapping: [0, -22] },
    },
    {
      call: { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7, waiting: true },
      answers: ALL_SUCCEED,
    },
    { call: { call: "dup", seg: 0, into: 1 }, answers: ALL_SUCCEED },
    { call: { call: "unmap", seg: 0, addr: 0, len: 0x2000 }, answers: ALL_SUCCEED },
    { call: { call: "unmap", seg: 1, addr: 0, len: 0x2000 }, answers: ALL_SUCCEED },
  ],
};

async function compiled({ cDriver }: Installation): Promise<string> {
  const { steps } = await runScenario(nativeSubject(cDriver), "debug", FRAMES);
  const broken = new Set(steps.flatMap(({ violations }) => violations.map(({ invariant }) => invariant)));
  if (steps.length < FRAMES.steps.length) return `stopped after ${steps.length} of ${FRAMES.steps.length} calls`;
  return broken.size === 0 ? COMPILED : `breaks ${[...broken].join(", ")}`;
}
