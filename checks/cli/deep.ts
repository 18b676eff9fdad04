import { deepChecks } from "../conformance/deep.js";
import { seedFile } from "./cfile.js";
import { entry } from "./entry.js";
import { EXIT, type ExitCode } from "./exit.js";
import type { Io } from "./io.js";

// `npm run check:deep`: the explorations that are too long for every test run. One line each.

await entry(deep);

async function deep({ out, progress, signal }: Io): Promise<ExitCode> {
  const cFile = seedFile();
  if (cFile === null) out("no C file: set SEG_MF_C to compare edition illumos with it\n");
  let worst: ExitCode = EXIT.holds;
  for (const { title, run } of deepChecks(cFile)) {
    if (signal.aborted) break;
    progress(title);
    const started = performance.now();
    const { holds, complete, text } = await run({ signal });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    progress(null);
    out(`${title}: ${text}, ${complete ? "complete" : "INCOMPLETE"}, ${seconds} s\n`);
    if (!holds) worst = EXIT.violated;
    else if (!complete && worst === EXIT.holds) worst = EXIT.incomplete;
  }
  return worst;
}
