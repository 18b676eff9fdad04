import { markOf } from "../trace/mark.js";
import { statesOf, type TraceState, VARIABLES } from "../trace/states.js";
import { identifierOf, type Trace } from "../trace/trace.js";
import type { Value } from "../trace/value.js";

export const TLA_FORMAT = "segmf-tla/1";

/** The name of a trace as a module's name, and so as the stem of its file: TLA+ wants them to be the same. */
export function moduleName(name: string): string {
  const isModuleName = /^(?!WF_|SF_)[A-Za-z][A-Za-z0-9_]*$/.test(name);
  return isModuleName ? name : `segmf_${identifierOf(name)}`;
}

/** In the order in which a state's record has them. */
const STATE_VARIABLES = ["action", "picks", ...VARIABLES] as const;

/**
 * Writes a trace as a TLA+ module: `Trace` is the sequence of states, each a record, `Spec` goes through them one by one.
 */
export function writeTla(trace: Trace): string {
  const { name, run } = trace;
  const states = statesOf(trace).map((state, index) => `  \\* ${index}. ${state.action}\n  ${stateText(state)}`);
  return [
    `---- MODULE ${moduleName(name)} ----`,
    `\\* A trace, ${markOf(TLA_FORMAT)}: ${asciiOf(run.driver)} on the ${run.kernel} kernel.`,
    "\\* Its grammar is tested; it has not been run under TLC, whose numbers end at 2^31 - 1.",
    "\\* An option is a record with tag and value; a page that is not in a map is empty.",
    "EXTENDS Integers, Sequences, TLC",
    "",
    "VARIABLES step, state",
    "",
    "Trace == <<",
    `${states.join(",\n")}`,
    ">>",
    "",
    "Init == step = 1 /\\ state = Trace[1]",
    "",
    "Next == step < Len(Trace) /\\ step' = step + 1 /\\ state' = Trace[step + 1]",
    "",
    "Spec == Init /\\ [][Next]_<<step, state>>",
    "",
    "\\* Fails in the first state that a violating step leads to.",
    "NoViolation == state.violations = {}",
    "====",
    "",
  ].join("\n");
}

function stateText({ action, picks, variables }: TraceState): string {
  const fields = STATE_VARIABLES.map((name) => {
    if (name === "action") return `${name} |-> ${text(action)}`;
    return `${name} |-> ${expression(name === "picks" ? picks : variables[name])}`;
  });
  return `[ ${fields.join(",\n    ")} ]`;
}

function expression(value: Value): string {
  switch (value.kind) {
    case "bool":
      return value.value ? "TRUE" : "FALSE";
    case "str":
      return text(value.value);
    case "int":
      return value.value < 0n ? `(${value.value})` : value.value.toString();
    case "list":
    case "tuple":
      return value.elements.length === 0 ? "<<>>" : `<<${value.elements.map(expression).join(", ")}>>`;
    case "set":
      return `{${value.elements.map(expression).join(", ")}}`;
    case "map":
      return functionText(value.entries);
    case "record":
      return `[${value.fields.map(([name, member]) => `${name} |-> ${expression(member)}`).join(", ")}]`;
    case "variant":
      return `[tag |-> ${text(value.tag)}, value |-> ${expression(value.value)}]`;
  }
}

/** The empty function is the empty sequence. */
function functionText(entries: readonly (readonly [Value, Value])[]): string {
  if (entries.length === 0) return "<<>>";
  return `(${entries.map(([key, member]) => `${expression(key)} :> ${expression(member)}`).join(" @@ ")})`;
}

/** TLA+ strings are of ASCII; anything else is shown by its number. */
function text(value: string): string {
  return `"${asciiOf(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function asciiOf(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, (unit) => `<${unit.charCodeAt(0).toString(16)}>`);
}
