import type { KernelCall, RecordedElement, RecordedValue, Returned } from "../../impl/driver.js";
import type { RunStep } from "../run/run.js";
import type { Step } from "../scenario/scenario.js";
import { stepText } from "../scenario/text.js";
import type { Trace } from "../trace/trace.js";

/** Who calls whom in a trace, as plain data: for whatever draws sequence diagrams. */
export interface Sequence {
  readonly participants: readonly { readonly name: Participant; readonly label: string }[];
  readonly events: readonly SequenceEvent[];
}

/** From the left to the right. */
export type Participant = "caller" | "driver" | "hat" | "xen";

export type SequenceEvent =
  | {
      readonly kind: "call" | "return";
      readonly from: Participant;
      readonly to: Participant;
      readonly text: string;
    }
  /** Something to say of what has just been done. */
  | { readonly kind: "note"; readonly over: readonly [Participant, Participant]; readonly text: string };

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
 * The caller's calls of the driver, what the driver asks of the page tables (HAT) and of the hypervisor during each, and what
 * came back. Violations and panics are notes.
 */
export function sequenceOf({ scenario, run }: Trace): Sequence {
  const left = scenario.steps.length - run.steps.length;
  return {
    participants: [
      { name: "caller", label: "Caller" },
      { name: "driver", label: `Driver (${run.driver}, ${run.kernel} kernel)` },
      { name: "hat", label: "HAT" },
      { name: "xen", label: "Xen" },
    ],
    events: [
      ...run.steps.flatMap((result, index) => stepEvents(index + 1, scenario.steps[index], result)),
      ...(left > 0 ? [note(["caller", "driver"], `${left} more in the scenario, not run`)] : []),
    ],
  };
}

function stepEvents(number: number, step: Step | undefined, result: RunStep): readonly SequenceEvent[] {
  const called = step === undefined ? "" : stepText(step);
  return [
    { kind: "call", from: "caller", to: "driver", text: `${number}. ${called}` },
    ...result.calls.flatMap(callEvents),
    result.panic === null
      ? { kind: "return", from: "driver", to: "caller", text: returnedText(result.ret) }
      : note(["driver", "xen"], `panic: ${result.panic}`),
    ...result.violations.map(({ invariant, detail }) => note(["caller", "driver"], `${invariant}: ${detail}`)),
  ];
}

function returnedText(ret: Returned): string {
  return ret === null ? "returns" : String(ret);
}

function callEvents({ fn, ...args }: KernelCall): readonly SequenceEvent[] {
  const doer = DOERS.get(fn);
  if (doer === undefined) return [];
  const { rc, ...given } = args;
  const asked = Object.entries(given).flatMap(([name, value]) => argumentTexts(name, value));
  const call: SequenceEvent = { kind: "call", from: "driver", to: doer, text: `${fn}(${asked.join(", ")})` };
  return rc === undefined ? [call] : [call, { kind: "return", from: doer, to: "driver", text: valueText(rc) }];
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

function note(over: readonly [Participant, Participant], text: string): SequenceEvent {
  return { kind: "note", over, text };
}
