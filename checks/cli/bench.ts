import { measure } from "../bench/measure.js";
import { number } from "../report/style.js";
import { seedFile } from "./cfile.js";

// `npm run bench`: speeds, as medians and as ratios within this run. `--json` for machines.

const cFile = seedFile();
const speeds = await measure(cFile, () => performance.now());
if (process.argv.includes("--json"))
  process.stdout.write(`${JSON.stringify({ format: "segmf-bench/1", speeds }, null, 2)}\n`);
else {
  if (cFile === null) process.stdout.write("no C file: set SEG_MF_C to measure one\n");
  for (const { what, unit, perSecond, ratio } of speeds) {
    process.stdout.write(`${number(Math.round(perSecond))} ${unit} a second: ${what} (${ratio.toFixed(2)})\n`);
  }
}
