/** The terminal, as commands see it: results to `out`, progress and errors to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Overwrites the progress line; nothing where there is no terminal. `null` clears it. */
  progress(line: string | null): void;
  /** Whether results may be coloured. */
  readonly colours: boolean;
  /** Aborted on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * The process's own terminal. Once a reader has closed a pipe the rest is dropped quietly, and the command still exits
 * with its verdict: results come last, so there is nothing to save by stopping.
 */
export function processIo(signal: AbortSignal): Io {
  const out = writer(process.stdout);
  const err = writer(process.stderr);
  const live = process.stderr.isTTY === true;
  let shown = false;
  return {
    colours: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    signal,
    out,
    err,
    progress: (line) => {
      if (!live || (line === null && !shown)) return;
      err(`\r\u001b[2K${line ?? ""}`);
      shown = line !== null;
    },
  };
}

function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}
