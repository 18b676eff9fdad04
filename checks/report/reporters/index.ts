import { markOf } from "../../../traces/trace/mark.js";
import type { CheckReport } from "../../conformance/report.js";
import { type Presentation, renderCheck } from "../check.js";
import { checkJson } from "../json.js";
import { type RandomPresentation, randomJson, renderRandom } from "../random.js";
import { type Beside, type Told, toldOfCheck, toldOfRandom } from "../told.js";
import { writeGithub } from "./github.js";
import { JUNIT_FORMAT, writeJunit } from "./junit.js";
import { MARKDOWN_FORMAT, writeMarkdown } from "./markdown.js";
import { SARIF_FORMAT, writeSarif } from "./sarif.js";

/** A way of reporting a check, or random runs. */
export interface Reporter {
  readonly name: string;
  /** What it is, for help. */
  readonly title: string;
  /** Our name for what it writes, by which a file of ours is known. */
  readonly format: string;
  /** The same of random runs, where that is another. */
  readonly randomFormat?: string;
  /** Whether it is lines of a log, beside which others may stand, rather than a document. */
  readonly isLog: boolean;
  readonly write: (report: CheckReport, presentation: Presentation) => string;
  readonly writeRandom: (presentation: RandomPresentation) => string;
  /** What goes before it in a file, if it does not say by itself that it is ours. */
  readonly heading?: string;
}

const TEXT_FORMAT = "segmf-text/1";
const GITHUB_FORMAT = "segmf-github/1";

/** Ways of reporting, by the names that `--reporter` takes. The first is the usual one. */
export const REPORTERS: readonly [Reporter, ...Reporter[]] = [
  {
    name: "pretty",
    title: "for people",
    format: TEXT_FORMAT,
    isLog: true,
    write: renderCheck,
    writeRandom: renderRandom,
    heading: `${markOf(TEXT_FORMAT)}\n\n`,
  },
  {
    name: "json",
    title: "the report as JSON",
    format: "segmf-check/1",
    randomFormat: "segmf-random/1",
    isLog: false,
    write: checkJson,
    writeRandom: randomJson,
  },
  { name: "junit", title: "JUnit XML, for build servers", format: JUNIT_FORMAT, isLog: false, ...listing(writeJunit) },
  {
    name: "sarif",
    title: "SARIF 2.1.0, for code scanning",
    format: SARIF_FORMAT,
    isLog: false,
    ...listing(writeSarif),
  },
  {
    name: "github",
    title: "annotations, as a GitHub workflow takes them; a summary where GITHUB_STEP_SUMMARY says",
    format: GITHUB_FORMAT,
    isLog: true,
    ...listing(writeGithub),
    heading: `::debug::${markOf(GITHUB_FORMAT)}\n`,
  },
  {
    name: "markdown",
    title: "Markdown, for summaries and comments",
    format: MARKDOWN_FORMAT,
    isLog: false,
    ...listing(writeMarkdown),
  },
];

/** A way of reporting that lists what was judged. */
function listing(write: (told: Told, beside: Beside) => string): Pick<Reporter, "write" | "writeRandom"> {
  return {
    write: (report, presentation) => write(toldOfCheck(report, presentation.comparison), presentation),
    writeRandom: (runs) =>
      write(toldOfRandom(runs.driver, runs.kernel, runs.report), { ...runs, files: filesOf(runs) }),
  };
}

function filesOf({ written }: RandomPresentation): readonly string[] | null {
  return written === null ? null : [written.file];
}
