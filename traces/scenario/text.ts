import type { Call } from "../../impl/driver.js";
import type { GrantAnswer, Step } from "./scenario.js";
import { PAGE_SIZE } from "./scenario.js";

/** A step on one line, as people write calls: `add_mfns(seg 0, page 1, count 2, mfn 0x100, domid 7) with update_va_mapping [0, -22]`. */
export function stepText({ call, answers }: Step): string {
  const given: string[] = [];
  if (answers.addmap !== 0) given.push(`addmap ${answers.addmap}`);
  if (answers.update_va_mapping.length > 0) given.push(`update_va_mapping [${answers.update_va_mapping.join(", ")}]`);
  for (const kind of ["map_grant_ref", "unmap_grant_ref"] as const) {
    for (const answer of answers[kind]) given.push(`${kind} ${grantAnswerText(answer)}`);
  }
  return given.length === 0 ? callText(call) : `${callText(call)} with ${given.join(", ")}`;
}

/** The hypercall's code, or the statuses of its elements where that is success. */
function grantAnswerText({ rc, status }: GrantAnswer): string {
  return rc !== 0 || status.length === 0 ? String(rc) : `statuses [${status.join(", ")}]`;
}

/** A call with its arguments, addresses in hexadecimal. */
function callText(call: Call): string {
  const { call: name, waiting, ...args } = inPages(call);
  const given = Object.entries(args).map(([argument, value]) => `${argument} ${valueText(argument, value)}`);
  return `${name}(${given.join(", ")})${waiting === true ? " while somebody waits" : ""}`;
}

type Shown = { readonly call: string; readonly waiting?: boolean; readonly [argument: string]: unknown };

/** As a scenario file has it: an unmap of whole pages by page and count. */
function inPages(call: Call): Shown {
  if (call.call !== "unmap" || call.addr % PAGE_SIZE !== 0 || call.len % PAGE_SIZE !== 0) return { ...call };
  const { addr, len, ...rest } = call;
  return { ...rest, page: addr / PAGE_SIZE, count: len / PAGE_SIZE };
}

function valueText(argument: string, value: unknown): string {
  if (argument === "mfn" && typeof value === "number") return `0x${value.toString(16)}`;
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
