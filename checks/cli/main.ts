#!/usr/bin/env node
import { reportFailure } from "./failure.js";
import { processIo } from "./io.js";
import { runProgram } from "./program.js";
import { interruption } from "./signals.js";

const { signal, code } = interruption();
const io = processIo(signal);
// Also for what a promise nobody waits for rejects with.
process.on("uncaughtException", (error) => process.exit(reportFailure(error, io)));
const exit = await runProgram(process.argv.slice(2), io);
process.exitCode = code() ?? exit;
