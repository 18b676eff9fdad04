#!/usr/bin/env node
import { processIo } from "./io.js";
import { runProgram } from "./program.js";
import { interruption } from "./signals.js";

const { signal, code } = interruption();
const exit = await runProgram(process.argv.slice(2), processIo(signal));
process.exitCode = code() ?? exit;
