import type { KernelCall, RecordedElement, RecordedValue, Returned } from "../../impl/driver.js";
import type { RunStep } from "../run/run.js";
import type { Step } from "../scenario/scenario.js";
import { stepText } from "../scenario/text.js";
import { markOf } from "../trace/mark.js";
import type { Trace } from "../trace/trace.js";
import { escaped } from "./escape.js";

export const MERMAID_FORMAT = "segmf-mermaid/1";

/** Who does what a kernel function does. Locks, memory and the rest are left out: a diagram of all calls can't be read. */
const DOERS: ReadonlyMap<string, "hat" | "xen"> = new Map([
  ["hat_map", "hat"],
  ["hat_devload", "hat"],
  ["hat_unload", "hat"],
  ["hat_unlock", "hat"],
  ["update_va_mapping_otherdomain", "xen"],
  ["map_grant_ref", "xen"],
  ["unmap_grant_ref", "xen"],
]);

/**
 * Writes a trace as a Mermaid sequence diagram: the caller's calls of the driver, what the driver asks of the page tables (HAT)
 * and of the hypervisor during each, and what came back. Violations and panics are notes.
 */
export function writeMermaid({ scenario, run }: Trace): string {
  const steps = run.steps.flatMap((result, index) => stepLines(index + 1, scenario.steps[index], result));
  const left = scenario.steps.length - run.steps.length;
  return [
    `%% ${markOf(MERMAID_FORMAT)}`,
    "sequenceDiagram",
    "  participant caller as Caller",
    `  participant driver as ${escaped(`Driver (${run.driver}, ${run.kernel} kernel)`)}`,
    "  participant hat as HAT",
    "  participant xen as Xen",
    ...steps,
    ...(left > 0 ? [note("caller,driver", `${left} more in the scenario, not run`)] : []),
    "",
  ].join("\n");
}

function stepLines(number: number, step: Step | undefined, result: RunStep): readonly string[] {
  const called = step === undefined ? "" : stepText(step);
  const back =
    result.panic === null
      ? `  driver-->>caller: ${escaped(returnedText(result.ret))}`
      : note("driver,xen", `panic: ${result.panic}`);
  return [
    `  caller->>driver: ${escaped(`${number}. ${called}`)}`,
    ...result.calls.flatMap(callLines),
    back,
    ...result.violations.map(({ invariant, detail }) => note("caller,driver", `${invariant}: ${detail}`)),
  ];
}

function returnedText(ret: Returned): string {
  return ret === null ? "returns" : String(ret);
}

function callLines({ fn, ...args }: KernelCall): readonly string[] {
  const doer = DOERS.get(fn);
  if (doer === undefined) return [];
  const { rc, ...given } = args;
  const asked = Object.entries(given).flatMap(([name, value]) => argumentTexts(name, value));
  const call = `  driver->>${doer}: ${escaped(`${fn}(${asked.join(", ")})`)}`;
  return rc === undefined ? [call] : [call, `  ${doer}-->>driver: ${escaped(valueText(rc))}`];
}

function argumentTexts(name: string, value: RecordedValue): readonly string[] {
  if (!isElements(value)) return [`${name} ${valueText(value)}`];
  return value.map((element) => {
    const members = Object.entries(element).map(([member, inner]) => `${member} ${scalarText(inner)}`);
    return `[${members.join(" ")}]`;
  });
}

function valueText(value: RecordedValue): string {
  return isElements(value) ? `${value.length} elements` : scalarText(value);
}

function scalarText(value: RecordedElement[string]): string {
  return typeof value === "bigint" ? `0x${value.toString(16)}` : String(value);
}

/** `Array.isArray` alone does not narrow a read-only array. */
function isElements(value: RecordedValue): value is readonly RecordedElement[] {
  return Array.isArray(value);
}

function note(over: string, text: string): string {
  return `  note over ${over}: ${escaped(text)}`;
}
