import { join } from "node:path";
import { formatScenario } from "../../traces/scenario/format.js";
import { SCENARIO_FORMAT } from "../../traces/scenario/scenario.js";
import type { Finding } from "../conformance/findings.js";
import { checkWritable, makeDirectory, writeWhole } from "./files.js";

/** Names of files are cut here: systems take 255 bytes. */
const LONGEST_NAME = 100;

/**
 * Writes each finding's counterexample into a directory as a scenario file named after its cause. All may be written or
 * none is. Returns the files, in the findings' order.
 */
export function writeFindings(directory: string, findings: readonly Finding[], force: boolean): readonly string[] {
  const stems = distinct(findings.map(({ name }) => stemOf(name)));
  const files = stems.map((stem) => join(directory, `${stem}.json`));
  makeDirectory(directory, "--out");
  for (const file of files) checkWritable(file, SCENARIO_FORMAT, force);
  for (const [i, { pages, steps }] of findings.entries()) {
    // There is a file for each finding.
    writeWhole(files[i] as string, formatScenario({ pages, steps }));
  }
  return files;
}

/** Where a failing random run is to be written. Throws `Misuse` if it can't be. */
export function randomFailureFile(directory: string, seed: number, force: boolean): string {
  const file = join(directory, `random-${seed}.json`);
  checkWritable(file, SCENARIO_FORMAT, force);
  return file;
}

/** A cause as the stem of a file's name, in characters that any system takes. */
function stemOf(name: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .slice(0, LONGEST_NAME)
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return plain === "" ? "finding" : plain;
}

/** Numbers from 2 on for those that are alike but for case, since some systems take them for the same. */
function distinct(stems: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return stems.map((stem) => {
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
