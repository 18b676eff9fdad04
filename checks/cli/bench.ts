import { measure } from "../bench/measure.js";
import { number } from "../report/style.js";
import { seedFile } from "./cfile.js";
import { entry } from "./entry.js";
import { EXIT, type ExitCode } from "./exit.js";
import type { Io } from "./io.js";

// `npm run bench`: speeds, as medians and as ratios within this run. `--json` for machines.

await entry(bench);

async function bench({ out }: Io): Promise<ExitCode> {
  const cFile = seedFile();
  const speeds = await measure(cFile, () => performance.now());
  if (process.argv.includes("--json")) {
    out(`${JSON.stringify({ format: "segmf-bench/1", speeds }, null, 2)}\n`);
    return EXIT.holds;
  }
  if (cFile === null) out("no C file: set SEG_MF_C to measure one\n");
  for (const { what, unit, perSecond, ratio } of speeds) {
    out(`${number(Math.round(perSecond))} ${unit} a second: ${what} (${ratio.toFixed(2)})\n`);
  }
  return EXIT.holds;
}
