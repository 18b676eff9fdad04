#!/usr/bin/env node
import { entry } from "./entry.js";
import { runProgram } from "./program.js";

await entry((io) => runProgram(process.argv.slice(2), io));
