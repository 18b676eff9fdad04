import { markOf } from "../trace/mark.js";
import { statesOf, type TraceState, VARIABLES } from "../trace/states.js";
import type { Trace } from "../trace/trace.js";
import type { Value } from "../trace/value.js";
import { ACTION, ENCODING, PICKED, SPECIFICATION } from "./names.js";

type Printable = boolean | number | string | readonly Printable[] | { readonly [member: string]: Printable };

/**
 * Writes a trace in the Informal Trace Format (Apalache's ADR-015), a state a line: integers are `#bigint`, sets and maps in
 * canonical order. `readItf` gives back the scenario.
 */
export function writeItf(trace: Trace): string {
  const { name, run, maxGrefs } = trace;
  const meta = {
    format: "ITF",
    encoding: ENCODING,
    description: markOf(ENCODING),
    "format-description": SPECIFICATION,
    source: name,
    driver: run.driver,
    kernel: run.kernel,
    "max-grefs": maxGrefs,
    status: run.steps.some(({ violations }) => violations.length > 0) ? "violation" : "ok",
  };
  const states = statesOf(trace).map((state, index) => JSON.stringify(stateMembers(state, index)));
  return [
    `{"#meta":${JSON.stringify(meta)},`,
    `"vars":${JSON.stringify([ACTION, PICKED, ...VARIABLES])},`,
    `"states":[\n${states.join(",\n")}]}\n`,
  ].join("\n");
}

function stateMembers({ action, picks, variables }: TraceState, index: number): Printable {
  return {
    "#meta": { index },
    [ACTION]: action,
    [PICKED]: printable(picks),
    ...Object.fromEntries(VARIABLES.map((name) => [name, printable(variables[name])])),
  };
}

function printable(value: Value): Printable {
  switch (value.kind) {
    case "bool":
    case "str":
      return value.value;
    case "int":
      return { "#bigint": value.value.toString() };
    case "list":
      return value.elements.map(printable);
    case "tuple":
      return { "#tup": value.elements.map(printable) };
    case "set":
      return { "#set": value.elements.map(printable) };
    case "map":
      return { "#map": value.entries.map(([key, member]) => [printable(key), printable(member)]) };
    case "record":
      return Object.fromEntries(value.fields.map(([name, member]) => [name, printable(member)]));
    case "variant":
      return { tag: value.tag, value: printable(value.value) };
  }
}
