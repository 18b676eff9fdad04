import type { ExitCode } from "./exit.js";
import { reportFailure } from "./failure.js";
import { type Io, processIo } from "./io.js";
import { interruption } from "./signals.js";

/** What every program here begins and ends with: signals, the terminal, faults wherever they are thrown, the exit code. */
export async function entry(work: (io: Io) => Promise<ExitCode>): Promise<void> {
  const { signal, code } = interruption();
  const io = processIo(signal);
  // Also for what a promise nobody waits for rejects with.
  process.on("uncaughtException", (error) => process.exit(reportFailure(error, io)));
  const exit = await work(io).catch((error: unknown) => reportFailure(error, io));
  process.exitCode = code() ?? exit;
}
