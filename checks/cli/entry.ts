import type { ExitCode } from "./exit.js";
import { reportFailure } from "./failure.js";
import { type Io, processIo } from "./io.js";
import { interruption } from "./signals.js";

/** What every program here begins and ends with: signals, the terminal, faults wherever they are thrown, the exit code. */
export async function entry(work: (io: Io) => Promise<ExitCode>): Promise<void> {
  const { signal, code } = interruption();
  let hasSpoken = false;
  const noting =
    (say: (text: string) => void) =>
    (text: string): void => {
      hasSpoken = true;
      say(text);
    };
  const plain = processIo(signal);
  const io: Io = { ...plain, out: noting(plain.out), err: noting(plain.err) };
  // Also for what a promise nobody waits for rejects with.
  process.on("uncaughtException", (error) => process.exit(reportFailure(error, io)));
  const exit = await work(io).catch((error: unknown) => reportFailure(error, io));
  const signalled = code();
  if (signalled !== null && !hasSpoken) io.err("segmf: interrupted\n");
  process.exitCode = signalled ?? exit;
}
