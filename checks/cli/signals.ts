import { EXIT, type ExitCode } from "./exit.js";

/** What a signal asks for: `signal` is aborted on the first one, `code` is the exit code that it means. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** `null` as long as no signal has come. */
  code(): ExitCode | null;
}

/** Listens for SIGINT and SIGTERM. The first stops the work and lets it report; a second one leaves at once. */
export function interruption(): Interruption {
  const interrupt = new AbortController();
  let signalled: ExitCode | null = null;
  for (const [name, code] of [
    ["SIGINT", EXIT.interrupted],
    ["SIGTERM", EXIT.terminated],
  ] as const) {
    process.on(name, () => {
      if (signalled !== null) process.exit(code);
      signalled = code;
      interrupt.abort();
    });
  }
  return { signal: interrupt.signal, code: () => signalled };
}
