#!/usr/bin/env node
import { EXIT } from "./exit.js";
import { processIo } from "./io.js";
import { runProgram } from "./program.js";

const interrupt = new AbortController();
let signalled: number | null = null;
for (const [name, code] of [
  ["SIGINT", EXIT.interrupted],
  ["SIGTERM", EXIT.terminated],
] as const) {
  process.on(name, () => {
    // The first one stops the work and lets it report; a second one leaves at once.
    if (signalled !== null) process.exit(code);
    signalled = code;
    interrupt.abort();
  });
}

const code = await runProgram(process.argv.slice(2), processIo(interrupt.signal));
process.exitCode = signalled ?? code;
