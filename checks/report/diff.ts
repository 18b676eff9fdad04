import type { KernelCall, Observation, RecordedElement, RecordedValue } from "../../impl/driver.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { callMembers, type Members, returned } from "../../traces/run/format.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { stepText } from "../../traces/scenario/text.js";
import { isSameCall, type Seen } from "../conformance/difference.js";
import type { Divergence, DriverComparison } from "../conformance/divergence.js";
import { type StateRow, stateTable } from "./statetable.js";
import { counted, enumerated, hanging, type Style, styleFor } from "./style.js";

/** A comparison of two drivers for people: the step after which they are not alike, and all that differs there. */
export function renderDiff(file: string, scenario: Scenario, comparison: DriverComparison, colours: boolean): string {
  const style = styleFor(colours);
  const { expected, got, kernel, divergence } = comparison;
  const head = `${style.bold(escapeUnprintable(file))}: expected ${expected}, got ${got}, on the ${kernel} kernel`;
  const body = divergence === null ? "" : divergenceText(divergence, style);
  return `${hanging("", head)}${body}${hanging("", verdictText(scenario, comparison, style))}`;
}

function verdictText({ steps }: Scenario, { compared, ending, divergence }: DriverComparison, style: Style): string {
  if (divergence !== null) {
    return `${style.red("differs:")} at step ${compared} of ${steps.length}, in ${enumerated(divergence.about)}`;
  }
  const why = {
    all: "",
    diverged: "",
    panic: " after the panic",
    "no segment": ": the drivers left no segment for the next",
    interrupted: ": interrupted",
  }[ending];
  const left = steps.length - compared;
  const rest = left === 0 ? "" : ` (${counted(left, "step")} not run${why})`;
  return `${style.green("same:")} in ${counted(compared, "step")} nothing differs${rest}`;
}

function divergenceText(divergence: Divergence, style: Style): string {
  const { at, step } = divergence;
  const [one, other] = [divergence.expected.outcome, divergence.got.outcome];
  const both = (what: string, a: string, b: string) =>
    a === b ? "" : hanging(`   ${what}: `, `expected ${style.green(a)}, got ${style.red(b)}`);
  return [
    hanging(`${at + 1}. `, stepText(step)),
    both("returns", String(one.ret ?? "nothing"), String(other.ret ?? "nothing")),
    both("panic", one.panic ?? "none", other.panic ?? "none"),
    callsText(divergence, style),
    tableText(divergence, style),
  ].join("");
}

/** Kernel calls from the first that differs to the last. */
function callsText({ expected, got }: Divergence, style: Style): string {
  const [a, b] = [expected.outcome.calls, got.outcome.calls];
  const isSame = (i: number, j: number) => {
    const [one, other] = [a[i], b[j]];
    return one !== undefined && other !== undefined && isSameCall(one, other);
  };
  let head = 0;
  while (isSame(head, head)) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && isSame(a.length - 1 - tail, b.length - 1 - tail)) tail++;
  const lines = [
    ...a.slice(head, a.length - tail).map((call) => hanging("   - ", style.green(callText(call)))),
    ...b.slice(head, b.length - tail).map((call) => hanging("   + ", style.red(callText(call)))),
  ];
  if (lines.length === 0) return "";
  return `   kernel calls (- expected, + got), after ${counted(head, "call")} alike:\n${lines.join("")}`;
}

/** A kernel call as C would have it, with its result. */
function callText({ fn, rc, ...args }: KernelCall): string {
  const given = Object.entries(args).map(([name, value]) => `${name} ${valueText(value)}`);
  return `${fn}(${given.join(", ")})${rc === undefined ? "" : ` -> ${valueText(rc)}`}`;
}

function valueText(value: RecordedValue): string {
  if (value === null) return "none";
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  return typeof value === "object" ? `[${value.map(elementText).join("; ")}]` : String(value);
}

function elementText(element: RecordedElement): string {
  return Object.entries(element)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(", ");
}

/** The state before, and marked beside it what the drivers made of it where that differs. */
function tableText({ before, expected, got }: Divergence, style: Style): string {
  const rows = stateTable([before, expected.observed, got.observed]).filter(
    (row) => row.values[0] !== null || isMarked(row),
  );
  const lines = rows.map(({ what, values: [was, a, b] }) => {
    const after = a === b ? [] : [a ?? "-", b ?? "-"];
    return [what, was ?? "-", ...after];
  });
  const table = [["state", "before", "expected", "got"], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const marked = new Set(rows.flatMap((row, i) => (isMarked(row) ? [i + 1] : [])));
  const text = table.map((cells, i) => {
    const padded = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
    return ` ${marked.has(i) ? style.red("*") : " "} ${marked.has(i) ? padded : style.dim(padded)}\n`;
  });
  return text.join("");
}

function isMarked({ values: [, expected, got] }: StateRow): boolean {
  return expected !== got;
}

/** What the schema calls the format. */
const DIFF_FORMAT = "segmf-diff/1";

/** A comparison as one line of JSON (`segmf-diff/1`) without a line break at its end. */
export function diffJson(scenario: Scenario, comparison: DriverComparison): string {
  const { expected, got, kernel, compared, ending, divergence } = comparison;
  return JSON.stringify({
    format: DIFF_FORMAT,
    expected,
    got,
    kernel,
    steps: scenario.steps.length,
    compared,
    ending,
    divergence: divergence === null ? null : divergenceMembers(divergence),
  });
}

function divergenceMembers({ at, step, about, before, expected, got }: Divergence) {
  return {
    step: at + 1,
    call: stepText(step),
    about,
    expected: seenMembers(expected),
    got: seenMembers(got),
    state: stateMembers([before, expected.observed, got.observed]),
  };
}

function seenMembers({ outcome: { ret, panic, calls } }: Seen): Members {
  return { ret: returned(ret), panic, calls: calls.map(callMembers) };
}

function stateMembers(states: readonly Observation[]) {
  return stateTable(states).map(({ what, values: [before, expected, got] }) => ({ what, before, expected, got }));
}
