import type { Call } from "../../impl/driver.js";
import type { Step } from "../../traces/scenario/scenario.js";

/** A step on one line, as people write calls: `add_mfns(seg 0, page 1, count 2, mfn 0x100, domid 7) with update_va_mapping [0, -22]`. */
export function stepText({ call, answers }: Step): string {
  const given: string[] = [];
  if (answers.addmap !== 0) given.push(`addmap ${answers.addmap}`);
  if (answers.update_va_mapping.length > 0) given.push(`update_va_mapping [${answers.update_va_mapping.join(", ")}]`);
  for (const kind of ["map_grant_ref", "unmap_grant_ref"] as const) {
    for (const { rc, status } of answers[kind]) {
      given.push(rc === 0 ? `${kind} statuses [${status.join(", ")}]` : `${kind} ${rc}`);
    }
  }
  return given.length === 0 ? callText(call) : `${callText(call)} with ${given.join(", ")}`;
}

/** A call with its arguments, addresses in hexadecimal. */
export function callText(call: Call): string {
  const { call: name, waiting, ...args } = call;
  const given = Object.entries(args).map(([argument, value]) => `${argument} ${valueText(argument, value)}`);
  return `${name}(${given.join(", ")})${waiting === true ? " while somebody waits" : ""}`;
}

function valueText(argument: string, value: unknown): string {
  if (argument === "mfn" && typeof value === "number") return `0x${value.toString(16)}`;
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
