import { endOf, type Places } from "../conformance/places.js";
import type { CheckReport, SelectionReport } from "../conformance/report.js";
import { type DriverChoice, driverText } from "./command.js";
import { type Comparison, isDifferent } from "./expected.js";
import { findingText } from "./finding.js";
import {
  askedFor,
  coverageText,
  directedText,
  invariantsText,
  pathsText,
  productText,
  specificationText,
} from "./parts.js";
import { scopeText } from "./scope.js";
import { counted, definitions, type Style, styleFor } from "./style.js";

/** What a summary tells beside the report itself. */
export interface Presentation {
  /** What a configuration calls the check. */
  readonly name?: string;
  readonly colours: boolean;
  readonly choice: DriverChoice;
  /** Whether the driver is a C file. */
  readonly compiled: boolean;
  /** The trace file of each finding, `null` if they were not written. */
  readonly files: readonly string[] | null;
  /** For each finding where its steps pass in the C file; `null` if the driver is none, or that is not known. */
  readonly places?: readonly Places[] | null;
  /** False if they are of a format that `segmf run` does not read. */
  readonly replayed?: boolean;
  /** `null` if the findings were not compared with recorded ones. */
  readonly comparison: Comparison | null;
}

type Line = readonly [string, string];

/** The summary of a check for people: what was covered, what was found, the verdict. Only the last line is of the day. */
export function renderCheck(report: CheckReport, presentation: Presentation): string {
  const style = styleFor(presentation.colours);
  const { name } = presentation;
  const lines: readonly Line[] = [
    ...(name === undefined ? [] : [["check", name] as const]),
    [
      "driver",
      driverText(
        { ...report, driver: `${report.driver}${presentation.compiled ? ", compiled to WebAssembly," : ""}` },
        presentation.choice,
      ),
    ],
    ["scope", scopeText(askedFor(report))],
    ...named(
      "specification",
      [report.specification, ...report.specificationsBeside].map((one) => specificationText(one, report)),
    ),
    ...named(
      "paths",
      report.paths.map((paths, i) => pathsText(paths, i, report)),
    ),
    ...named(
      "product",
      report.products.map((product) => productText(product, report)),
    ),
    ["directed", directedText(report)],
    ["invariants", invariantsText(report)],
    ["coverage", coverageText(report)],
    ...(report.selected === undefined ? [] : [["selected", selectedText(report.selected)] as const]),
  ];
  const end: readonly Line[] = [
    ["verdict", verdictText(report, style)],
    ...(presentation.comparison === null ? [] : comparisonLines(presentation.comparison)),
    ["seconds", report.seconds.toFixed(1)],
  ];
  return [definitions(lines), ...findingTexts(report, presentation, style), definitions(end)].join("\n");
}

/** One name for several lines, each of which may be wrapped. */
function named(name: string, texts: readonly string[]): readonly Line[] {
  return texts.length === 0 ? [] : [[name, texts.join("\n")]];
}

function findingTexts(
  report: CheckReport,
  { choice, files, places, replayed = true }: Presentation,
  style: Style,
): readonly string[] {
  const texts = report.findings.map((finding, i) => {
    const file = files?.[i];
    const place = endOf(places?.[i] ?? []);
    const where = place === null ? null : `${report.driver}:${place.line} in ${place.function}`;
    return findingText(
      finding,
      i + 1,
      { where, replay: file === undefined ? null : { file, choice, replayed } },
      style,
    );
  });
  return texts.length === 0 || files !== null
    ? texts
    : [...texts, "--out DIR writes these as scenario files, which segmf run replays.\n"];
}

function comparisonLines(comparison: Comparison): readonly Line[] {
  const { file, recorded, fresh, gone, otherwise } = comparison;
  const expected = isDifferent(comparison) ? `not what is recorded in ${file}` : `exactly what is recorded in ${file}`;
  return [
    ["expected", `${expected} (${counted(recorded, "finding")})`],
    ...named("new", fresh),
    ...named("gone", gone),
    ...named("otherwise", otherwise),
  ];
}

function selectedText({ invariants, setAside }: SelectionReport): string {
  return `${invariants.join(", ")}; ${counted(setAside, "finding")} of others not told`;
}

function verdictText({ verdict, reasons }: CheckReport, style: Style): string {
  const colour = verdict === "holds" ? style.green : verdict === "violated" ? style.red : style.yellow;
  return [colour(verdict), ...reasons].join("\n");
}
