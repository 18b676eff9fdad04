import { tmpdir } from "node:os";
import { Misuse } from "./exit.js";
import { reasonOf } from "./files.js";

/** The terminal, as commands see it: results to `out`, progress and errors to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** What is being done. Overwrites the progress line; nothing where there is no terminal. `null` clears it. */
  progress(line: string | null): void;
  /** Whether errors and progress go to a terminal. */
  readonly isTerminal: boolean;
  /** Whether results may be coloured. */
  readonly colours: boolean;
  /** Whether to say more than users need: stacks, and what is being done where there is no terminal. */
  readonly debug: boolean;
  /** Whether what was found earlier may be taken for what would be found now. */
  readonly usesCache: boolean;
  /** Where a report of a fault of ours may be written: the first folder that takes it. */
  readonly faultFolders?: readonly string[];
  /** Aborted once nobody reads results any more. */
  readonly readerGone?: AbortSignal;
  /** Aborted on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * The process's own terminal. Once a reader has closed a pipe the rest is dropped quietly, and the command still exits
 * with its verdict: results come last, so there is nothing to save by stopping. A stream that can't be written to for any
 * other reason is thrown as a `Misuse`, outside of whatever is running.
 */
export function processIo(signal: AbortSignal): Io {
  const gone = new AbortController();
  const out = writer(process.stdout, "standard output", () => gone.abort());
  const err = writer(process.stderr, "standard error");
  const debug = isSet(process.env.SEGMF_DEBUG);
  return {
    colours: isTerminal(process.stdout) && !isSet(process.env.NO_COLOR),
    isTerminal: isTerminal(process.stderr),
    debug,
    usesCache: !isSet(process.env.SEGMF_NO_CACHE),
    readerGone: gone.signal,
    faultFolders: [process.cwd(), tmpdir()],
    signal,
    out,
    err,
    progress: isTerminal(process.stderr) ? progressLine(err) : debug ? progressLog(err) : () => undefined,
  };
}

/** A line on a terminal that is overwritten again and again. One that does not fit would be left behind in pieces: it is cut. */
function progressLine(err: (text: string) => void): Io["progress"] {
  let shown = false;
  return (line) => {
    if (line === null && !shown) return;
    const columns = (process.stderr.columns || 80) - 1;
    err(`\r\u001b[2K${(line ?? "").slice(0, columns)}`);
    shown = line !== null;
  };
}

function progressLog(err: (text: string) => void): Io["progress"] {
  return (line) => {
    if (line !== null) err(`segmf: ${line}\n`);
  };
}

function writer(
  stream: NodeJS.WriteStream,
  name: string,
  closed: () => void = () => undefined,
): (text: string) => void {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!open) return;
    open = false;
    closed();
    if (error.code !== "EPIPE") throw new Misuse(`${name}: can't be written to (${reasonOf(error)})`);
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** A terminal that knows colours and cursor movements. */
function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env.TERM !== "dumb";
}

/** As no-color.org has it: present, and not empty. */
function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== "";
}
