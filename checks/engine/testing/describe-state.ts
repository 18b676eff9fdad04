import type { AnyMachineSnapshot } from "xstate";
import { describeValue } from "../describe.js";

/** A state as one line: status, state value, context (if there is one), output (if there is one). */
export function describeState({ status, value, context, output }: AnyMachineSnapshot): string {
  const parts: unknown[] = [value, ...(Object.keys(context).length === 0 ? [] : [context])];
  const ended = output === undefined ? "" : ` => ${describeValue(output)}`;
  return `${status} ${parts.map((part) => describeValue(part)).join(" ")}${ended}`;
}
