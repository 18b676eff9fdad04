import type { Location, Log, ReportingDescriptor, Result, Run } from "sarif";
import { ERRATA } from "../../../impl/segmf/errata.js";
import { INVARIANTS } from "../../../model/invariants/index.js";
import { stepText } from "../../../traces/scenario/text.js";
import { markOf } from "../../../traces/trace/mark.js";
import type { Finding } from "../../conformance/findings.js";
import { endOf, type Place, type Places } from "../../conformance/places.js";
import { limitsText } from "../command.js";
import type { Item, Outcome } from "../items.js";
import { plain } from "../style.js";
import type { Beside, Told } from "../told.js";

export const SARIF_FORMAT = "segmf-sarif/1";

/** The rule of whatever is wrong and is no finding. */
const OTHERWISE = "check";

/** What an outcome is to a reader of SARIF. What holds is no result. */
const LEVELS: Readonly<Record<Exclude<Outcome, "holds">, Result.level>> = {
  violated: "error",
  incomplete: "warning",
  expected: "note",
};

/**
 * A check as SARIF 2.1.0, as code scanning takes it: a rule for each invariant, a result for each finding with its shortest
 * counterexample as a code flow, a step at a location. What was not looked at to the end is a result too: no results would
 * be taken for a check that holds.
 */
export function writeSarif(told: Told, beside: Beside): string {
  const { name, places } = beside;
  const items = told.wrong.filter(({ suite }) => suite !== "findings");
  const outcomes = told.items.filter(({ suite }) => suite === "findings");
  const findings = told.findings.map((finding, i) => {
    const outcome = outcomes[i]?.outcome === "expected" ? "expected" : "violated";
    return findingResult(finding, outcome, uriOf(told, beside, i), told, places?.[i] ?? []);
  });
  const limits = limitsText(beside.choice);
  const run: Run = {
    tool: { driver: { name: "segmf", rules: RULES } },
    columnKind: "utf16CodeUnits",
    ...(limits === null ? {} : { properties: { limits } }),
    ...(name === undefined ? {} : { automationDetails: { id: `segmf/${name}/` } }),
    invocations: [{ executionSuccessful: told.verdict !== "incomplete" }],
    results: [...findings, ...items.map((item) => itemResult(item, uriOf(told, beside, null)))],
  };
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    properties: { comment: markOf(SARIF_FORMAT) },
    runs: [run],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const RULES: ReportingDescriptor[] = [
  ...INVARIANTS.map(({ id, prose, section }) => rule(id, prose, `The contract states it in section ${section}.`)),
  rule(
    OTHERWISE,
    "The check looks at all that it speaks of, and nothing else is wrong.",
    "A check that stopped early, or whose driver is not deterministic, says nothing of what it did not see.",
  ),
];

function rule(id: string, prose: string, help: string): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: prose },
    help: { text: `${prose} ${help}` },
    defaultConfiguration: { level: "error" },
  };
}

function findingResult(
  finding: Finding,
  outcome: "violated" | "expected",
  uri: string,
  { kernel }: Told,
  places: Places,
): Result {
  const { breaches, name, steps } = finding;
  const first = breaches[0]?.invariant;
  return {
    ruleId: RULES.some(({ id }) => id === first) ? (first ?? OTHERWISE) : OTHERWISE,
    level: LEVELS[outcome],
    baselineState: outcome === "expected" ? "unchanged" : "new",
    message: { text: messageOf(finding) },
    locations: [locationOf(uri, endOf(places))],
    codeFlows: [
      {
        threadFlows: [
          {
            locations: steps.map((step, i) => ({
              executionOrder: i + 1,
              location: { ...locationOf(uri, places[i] ?? null), message: { text: stepText(step) } },
            })),
          },
        ],
      },
    ],
    partialFingerprints: { "segmfFinding/v1": `${kernel}: ${name}` },
  };
}

function messageOf({ name, cause, panic, breaches }: Finding): string {
  const titles = ERRATA.filter(({ id }) => cause.includes(id)).map(({ title }) => title);
  const panicked = panic === null ? [] : [`panic: ${panic}`];
  return [name, ...titles, ...panicked, ...breaches.map(({ invariant, detail }) => `${invariant}: ${detail}`)].join(
    "\n",
  );
}

function itemResult({ suite, name, outcome, text }: Item, uri: string): Result {
  return {
    ruleId: OTHERWISE,
    level: outcome === "holds" ? "none" : LEVELS[outcome],
    message: { text: `${suite}: ${name}\n${plain(text)}` },
    locations: [locationOf(uri)],
    partialFingerprints: { "segmfFinding/v1": `${suite}: ${name}` },
  };
}

/** The C file if the driver is one; else the finding's trace file; else the driver's name, since there must be something. */
function uriOf({ driver }: Told, { compiled, files }: Beside, finding: number | null): string {
  const written = finding === null ? undefined : files?.[finding];
  return encodeURI((compiled ? driver : (written ?? driver)).replaceAll("\\", "/"));
}

/** A step that does not call the kernel from the C file is in no function of it, but must be somewhere: at its beginning. */
function locationOf(uri: string, place: Place | null = null): Location {
  const region = { startLine: place?.line ?? 1 };
  return {
    physicalLocation: { artifactLocation: { uri }, region },
    ...(place === null ? {} : { logicalLocations: [{ name: place.function, kind: "function" }] }),
  };
}
