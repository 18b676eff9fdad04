import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { entry } from "../../entry.js";
import { EXIT, type ExitCode, Misuse } from "../../exit.js";
import type { Io } from "../../io.js";
import { fuzz, shareOf, TARGETS } from "./fuzz.js";

// `npm run fuzz -- --runs 1000000 --seed 7 --only logs`: inputs of all kinds, as many of each as its share says. Prints the seed.

await entry(main);

async function main(io: Io): Promise<ExitCode> {
  const { runs, seed, only } = options();
  io.out(`seed ${seed}\n`);
  let failed = false;
  for (const target of TARGETS) {
    if (only !== undefined && target.name !== only) continue;
    const started = performance.now();
    const { name, runs: made, failure } = await fuzz(target, only === undefined ? shareOf(target, runs) : runs, seed);
    const seconds = (performance.now() - started) / 1000;
    io.out(
      `${name}: ${made} in ${seconds.toFixed(1)} s, ${failure === null ? "none fails" : `one fails\n${failure}`}\n`,
    );
    failed ||= failure !== null;
  }
  return failed ? EXIT.violated : EXIT.holds;
}

function options() {
  const { values } = parseArgs({
    options: { runs: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
  });
  const names = TARGETS.map(({ name }) => name);
  if (values.only !== undefined && !names.includes(values.only)) {
    throw new Misuse(`--only: expected one of ${names.join(", ")}, got "${values.only}"`);
  }
  return {
    runs: whole("--runs", values.runs) ?? 10_000,
    seed: whole("--seed", values.seed) ?? randomInt(2 ** 31),
    only: values.only,
  };
}

function whole(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number < 2 ** 31) return number;
  throw new Misuse(`${flag}: expected a whole number from 0 to ${2 ** 31 - 1}, got "${text}"`);
}
