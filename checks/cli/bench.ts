import { readFileSync } from "node:fs";
import { CASES } from "../bench/cases/list.js";
import { peers } from "../bench/cases/peers.js";
import { type Floor, floorText, standings } from "../bench/floor.js";
import { type BenchReport, measure } from "../bench/measure.js";
import { table } from "../bench/table.js";
import { launcher } from "./bench.launch.js";
import { parseBench } from "./bench.options.js";
import { seedFile } from "./cfile.js";
import { entry } from "./entry.js";
import { EXIT, type ExitCode } from "./exit.js";
import type { Io } from "./io.js";

// `npm run bench`: what is measured and how far from its goals it is. A goal that is not met fails nothing; with --floor
// what has become much slower beside its peers does.

const FLOOR = new URL("../../../checks/bench/floor.json", import.meta.url);

/** What is below is measured again, twice at the most: something else may have run at the same time. */
const MOST_RUNS = 3;

await entry(bench);

async function bench(io: Io): Promise<ExitCode> {
  const { effort, only, json, floor } = parseBench(process.argv.slice(2), io);
  if (floor) return await compared(io);
  const { out, progress, signal } = io;
  const cFile = seedFile()?.name ?? null;
  const cases = CASES.filter(({ name }) => only.length === 0 || only.includes(name));
  const report = await measure(cases, { effort, cFile, ...launcher(signal) }, { progress, signal });
  progress(null);
  if (json) {
    out(`${JSON.stringify(report, null, 2)}\n`);
    return EXIT.holds;
  }
  if (cFile === null) out("no C file: set SEG_MF_C to measure one\n");
  out(table(report));
  return EXIT.holds;
}

async function compared({ out, progress, signal }: Io): Promise<ExitCode> {
  const floor: Floor = JSON.parse(readFileSync(FLOOR, "utf8"));
  const runs: BenchReport[] = [];
  let standing = standings(floor, runs);
  while (runs.length < MOST_RUNS && !standing.every(({ holds }) => holds)) {
    runs.push(await measure([peers], { effort: "default", cFile: null, ...launcher(signal) }, { progress, signal }));
    if (signal.aborted) return EXIT.incomplete;
    standing = standings(floor, runs);
  }
  progress(null);
  out(floorText(standing));
  return standing.every(({ holds }) => holds) ? EXIT.holds : EXIT.violated;
}
