import { escapeUnprintable } from "../../traces/json/value.js";
import type { CheckReport } from "../conformance/report.js";
import type { Violation } from "../conformance/violation.js";
import { changesSince, firstText, sinceText } from "../report/since.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { isMistake, reportFailure } from "./failure.js";
import type { Io } from "./io.js";
import type { Watcher } from "./watcher.js";

/** What is told of a check while it is made, and before its report. */
export interface Spectator {
  violated(name: string | null, violation: Violation): void;
  reported(name: string | null, report: CheckReport): void;
}

/** Checks that are made again whenever a file changes. */
export interface Watched {
  /** The files that they depend on. Throws `Misuse` as `check` does. */
  files(): Promise<readonly string[]>;
  /** Makes them. Throws what commands throw. */
  check(io: Io, spectator: Spectator): Promise<unknown>;
}

/**
 * Makes checks, and again after each change of a file that they depend on, until the signal comes. A change while they are
 * made ends that: what was to be said of the old files is not said any more. What can't be checked is told, and waited for.
 */
export async function watchChecks({ files, check }: Watched, io: Io, watcher: Watcher): Promise<ExitCode> {
  const reports = new Map<string | null, CheckReport>();
  let known = await files();
  if (known.length === 0) {
    throw new Misuse("--watch: there is no file to watch; give --driver FILE.c, or name checks in a configuration");
  }
  while (!io.signal.aborted) {
    const round = new Round(io, known, watcher);
    try {
      known = await files();
      await check(round.io, spectatorOf(reports, round));
    } catch (error) {
      if (!round.isOver) reportMistake(error, io);
    }
    if (!round.isOver) io.err(`segmf: waiting for ${known.map(escapeUnprintable).join(", ")} to change; Ctrl-C ends\n`);
    const file = await round.change;
    if (file !== null) io.out(`\n${escapeUnprintable(file)} has changed\n\n`);
  }
  return EXIT.interrupted;
}

/** From one change to the next. */
class Round {
  /** As commands see it, until the next change. */
  readonly io: Io;
  /** The file that has changed; `null` if it was the signal. */
  readonly change: Promise<string | null>;
  readonly started = performance.now();
  readonly #stop = new AbortController();

  constructor(io: Io, files: readonly string[], watcher: Watcher) {
    const say =
      (tell: (text: string) => void) =>
      (text: string): void => {
        if (!this.isOver || io.signal.aborted) tell(text);
      };
    this.io = { ...io, out: say(io.out), err: say(io.err), signal: this.#stop.signal };
    this.change = new Promise((resolve) => {
      const end = (file: string | null): void => {
        close();
        io.signal.removeEventListener("abort", interrupted);
        this.#stop.abort();
        resolve(file);
      };
      const interrupted = (): void => end(null);
      const close = watcher(files, end);
      io.signal.addEventListener("abort", interrupted, { once: true });
    });
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }
}

function spectatorOf(reports: Map<string | null, CheckReport>, round: Round): Spectator {
  const told = new Set<string | null>();
  return {
    violated(name, violation) {
      if (told.has(name)) return;
      told.add(name);
      const seconds = (performance.now() - round.started) / 1000;
      round.io.progress(null);
      round.io.out(`${firstText(violation, seconds, round.io.colours)}\n`);
    },
    reported(name, report) {
      const before = reports.get(name);
      if (report.interrupted) return;
      reports.set(name, report);
      if (before !== undefined) round.io.out(`${sinceText(changesSince(before, report))}\n`);
    },
  };
}

/** Whatever the files lack is for their author to mend, and to be seen again then; what is our own fault ends it all. */
function reportMistake(error: unknown, io: Io): void {
  if (!isMistake(error)) throw error;
  reportFailure(error, io);
}
