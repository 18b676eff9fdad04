import { CASES } from "../bench/cases/list.js";
import { measure } from "../bench/measure.js";
import { table } from "../bench/table.js";
import { launcher } from "./bench.launch.js";
import { parseBench } from "./bench.options.js";
import { seedFile } from "./cfile.js";
import { entry } from "./entry.js";
import { EXIT, type ExitCode } from "./exit.js";
import type { Io } from "./io.js";

// `npm run bench`: what is measured and how far from its goals it is. A goal that is not met fails nothing.

await entry(bench);

async function bench(io: Io): Promise<ExitCode> {
  const { effort, only, json } = parseBench(process.argv.slice(2), io);
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
