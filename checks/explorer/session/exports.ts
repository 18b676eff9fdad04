import { fileNameOf, TRACE_FORMATS, type TraceFormat } from "../../../traces/formats.js";
import type { RunStep } from "../../../traces/run/run.js";
import { runStepOf } from "../../../traces/run/step.js";
import { commandLine } from "../../report/command.js";
import { choiceOf, driverName } from "./setup.js";
import { lineTo, type TreeNode } from "./tree.js";
import type { Walker } from "./walker.js";

/** A walk as a file: the same bytes that `command` makes of its scenario. */
export interface Exported {
  readonly fileName: string;
  readonly text: string;
  /** What makes the same of `NAME.json`. */
  readonly command: string;
}

/** All formats that a walk can be written in. */
export const FORMATS = TRACE_FORMATS;

/** The way from the start to a node, as far as it could be made, in a format. */
export function exported(walker: Walker, node: TreeNode, name: string, format: TraceFormat): Exported {
  const { setup } = walker;
  const made = lineTo(node).flatMap((at) => walker.visit(at)?.made ?? []);
  const scenario = { pages: setup.pages, steps: made.map(({ step }) => step) };
  const steps: readonly RunStep[] = made.map(({ judged, breaches, reference }) =>
    runStepOf(judged.outcome, judged.after, { violations: breaches, reference }),
  );
  const run = { driver: driverName(setup), kernel: setup.kernel, steps };
  const fileName = fileNameOf(format, name);
  const text =
    format.needs === "scenario"
      ? format.write(scenario)
      : format.write({ name, scenario, maxGrefs: setup.maxGrefs, run });
  const limit = setup.maxGrefs === 16 ? [] : ["--max-grefs", String(setup.maxGrefs)];
  const words = ["trace", "convert", `${name}.json`, "--to", format.name, ...limit, "--out", fileName];
  return { fileName, text, command: commandLine(words, choiceOf(setup)) };
}
