import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deepChecks } from "../conformance/deep.js";
import { nativeSubject } from "../conformance/nativesubject.js";
import type { Subject } from "../conformance/subject.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { reportFailure } from "./failure.js";
import { type Io, processIo } from "./io.js";
import { interruption } from "./signals.js";

// `npm run check:deep`: the explorations that are too long for every test run. One line each.

const { signal, code } = interruption();
const io = processIo(signal);
process.on("uncaughtException", (error) => process.exit(reportFailure(error, io)));
const exit = await deep(io).catch((error: unknown) => reportFailure(error, io));
process.exitCode = code() ?? exit;

async function deep({ out, progress }: Io): Promise<ExitCode> {
  const cFile = shippedDriver();
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

/** The C file at $SEG_MF_C, or else one beside the checkout, if there is any. */
function shippedDriver(): Subject | null {
  const named = process.env.SEG_MF_C;
  if (named !== undefined && !existsSync(named)) throw new Misuse(`$SEG_MF_C: no such file: ${named}`);
  const path = named ?? fileURLToPath(new URL("../../../../shared/seed/seg_mf.c", import.meta.url));
  return existsSync(path) ? nativeSubject(path) : null;
}
