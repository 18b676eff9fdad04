import type { KernelKind } from "../../impl/driver.js";
import { type Finding, groupByCause } from "../conformance/findings.js";
import type { Places } from "../conformance/places.js";
import type { RandomReport } from "../conformance/random.js";
import type { CheckReport, VerdictName } from "../conformance/report.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import type { DriverChoice } from "./command.js";
import { type Comparison, verdictOf } from "./expected.js";
import { type Item, itemsOf, wrongItems } from "./items.js";
import { runsText, verdictOfRuns } from "./random.js";

/** What reports that list what was judged are made of: a check's, or random runs'. */
export interface Told {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly verdict: VerdictName;
  /** Why the verdict is what it is, one line each. */
  readonly reasons: readonly string[];
  /** All that was judged, one by one. */
  readonly items: readonly Item[];
  /** Of these what is wrong or was not looked at to the end, findings first, without what merely follows from findings. */
  readonly wrong: readonly Item[];
  readonly findings: readonly Finding[];
  /** `null` where the time is no part of the report. */
  readonly seconds: number | null;
}

/** What such reports say beside that. */
export interface Beside {
  /** What a configuration calls the check. */
  readonly name?: string;
  readonly choice: DriverChoice;
  /** Whether the driver is a C file. */
  readonly compiled: boolean;
  /** The trace file of each finding, `null` if they were not written. */
  readonly files: readonly string[] | null;
  /** For each finding where its steps pass in the C file; `null` if the driver is none, or that is not known. */
  readonly places?: readonly Places[] | null;
}

/** What there is to be told of a check. */
export function toldOfCheck(report: CheckReport, comparison: Comparison | null): Told {
  const { driver, kernel, reasons, findings, seconds } = report;
  const items = itemsOf(report, comparison);
  const wrong = wrongItems(report, comparison);
  return { driver, kernel, verdict: verdictOf(report, comparison), reasons, items, wrong, findings, seconds };
}

/** What there is to be told of random runs. */
export function toldOfRandom(driver: string, kernel: KernelKind, report: RandomReport): Told {
  const verdict = verdictOfRuns(report);
  const findings = findingsOf(report);
  const shown = findings.map(
    ({ name, breaches }): Item => ({
      suite: "findings",
      name,
      outcome: "violated",
      text: breaches.map(({ invariant, detail }) => `${invariant}: ${detail}`).join("\n"),
    }),
  );
  const runs: Item = { suite: "random", name: "random runs", outcome: verdict, text: runsText(report) };
  const wrong = findings.length > 0 ? shown : [runs].filter(({ outcome }) => outcome !== "holds");
  const reasons = verdict === "holds" ? [] : [runs.text];
  return { driver, kernel, verdict, reasons, items: [runs, ...shown], wrong, findings, seconds: null };
}

/** A failing run as a check tells of it. Its cause was not looked for: it is called by what it breaks. */
export function findingsOf({ failure }: RandomReport): readonly Finding[] {
  if (failure === null) return [];
  const { scenario, breaches, panic } = failure;
  const at = { pages: scenario.pages, maxGrefs: FIELD_MAX_GREFS };
  return groupByCause(at, [{ steps: scenario.steps, breaches, panic }], () => []);
}
