import { formatScenario } from "../../traces/scenario/format.js";
import type { Finding } from "../conformance/findings.js";
import { fileIn, makeDirectory, writeOwn } from "./files.js";

/** Writes each finding's counterexample into a directory as a scenario file named after its cause. */
export function writeFindings(directory: string, findings: readonly Finding[], force: boolean): void {
  makeDirectory(directory, "--out");
  for (const { name, pages, steps } of findings) {
    writeOwn(fileIn(directory, name, ".json"), formatScenario({ pages, steps }), force);
  }
}
