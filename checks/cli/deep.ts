import { deepChecks } from "../conformance/deep.js";
import { seedFile } from "./cfile.js";
import { EXIT } from "./exit.js";
import { interruption } from "./signals.js";

// `npm run check:deep`: the explorations that are too long for every test run. One line each.

const cFile = seedFile();
if (cFile === null) process.stdout.write("no C file: set SEG_MF_C to compare edition illumos with it\n");

const { signal, code } = interruption();
let exit: number = EXIT.holds;
for (const { title, run } of deepChecks(cFile)) {
  if (signal.aborted) break;
  const started = performance.now();
  const { holds, complete, text } = await run({ signal });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${title}: ${text}, ${complete ? "complete" : "INCOMPLETE"}, ${seconds} s\n`);
  if (!holds) exit = EXIT.violated;
  else if (!complete && exit === EXIT.holds) exit = EXIT.incomplete;
}
process.exitCode = code() ?? exit;
