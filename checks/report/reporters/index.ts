import { markOf } from "../../../traces/trace/mark.js";
import type { CheckReport } from "../../conformance/report.js";
import { type Presentation, renderCheck } from "../check.js";
import { checkJson } from "../json.js";
import { writeGithub } from "./github.js";
import { JUNIT_FORMAT, writeJunit } from "./junit.js";
import { MARKDOWN_FORMAT, writeMarkdown } from "./markdown.js";
import { SARIF_FORMAT, writeSarif } from "./sarif.js";

/** A way of reporting a check. */
export interface Reporter {
  readonly name: string;
  /** What it is, for help. */
  readonly title: string;
  /** Our name for what it writes, by which a file of ours is known. */
  readonly format: string;
  /** Whether it is lines of a log, beside which others may stand, rather than a document. */
  readonly isLog: boolean;
  readonly write: (report: CheckReport, presentation: Presentation) => string;
  /** What goes before it in a file, if it does not say by itself that it is ours. */
  readonly heading?: string;
}

const TEXT_FORMAT = "segmf-text/1";
const GITHUB_FORMAT = "segmf-github/1";

/** Ways of reporting a check, by the names that `--reporter` takes. The first is the usual one. */
export const REPORTERS: readonly [Reporter, ...Reporter[]] = [
  {
    name: "pretty",
    title: "for people",
    format: TEXT_FORMAT,
    isLog: true,
    write: renderCheck,
    heading: `${markOf(TEXT_FORMAT)}\n\n`,
  },
  { name: "json", title: "the report as JSON", format: "segmf-check/1", isLog: false, write: checkJson },
  { name: "junit", title: "JUnit XML, for build servers", format: JUNIT_FORMAT, isLog: false, write: writeJunit },
  { name: "sarif", title: "SARIF 2.1.0, for code scanning", format: SARIF_FORMAT, isLog: false, write: writeSarif },
  {
    name: "github",
    title: "annotations, as a GitHub workflow takes them; a summary where GITHUB_STEP_SUMMARY says",
    format: GITHUB_FORMAT,
    isLog: true,
    write: writeGithub,
    heading: `::debug::${markOf(GITHUB_FORMAT)}\n`,
  },
  {
    name: "markdown",
    title: "Markdown, for summaries and comments",
    format: MARKDOWN_FORMAT,
    isLog: false,
    write: writeMarkdown,
  },
];
