import { resolve } from "node:path";
import { Command } from "commander";
import { addCheckOptions, type CheckOptions, forShard } from "../checkoptions.js";
import { Misuse } from "../exit.js";
import { reportersOf } from "../reporters.js";
import { isCFile } from "../subjects.js";
import { suggestion } from "../suggest.js";
import type { CheckConfig } from "./config.js";
import { type Found, findConfig, readConfig } from "./read.js";

/** A check to be made: by its name, or the one that the command line says. */
export interface Named {
  readonly name: string | null;
  readonly options: CheckOptions;
}

/** What the command line says of configurations. */
export interface ConfigOptions {
  /** A file; `false`: none. */
  readonly config?: string | boolean;
}

/**
 * The checks that a command line means: those that it names, or all of the configuration in this folder; without one the
 * one that its options say. What it says itself counts more than the configuration. Throws `Misuse`.
 */
export async function checksMeant(
  names: readonly string[],
  options: CheckOptions & ConfigOptions,
  command: Command,
): Promise<readonly Named[]> {
  const found = await configOf(options);
  if (found === null) {
    if (names.length === 0) return [{ name: null, options }];
    throw new Misuse(`check ${names[0]}: there is no configuration here that names checks; write segmf.config.json`);
  }
  const said = saidIn(options, command);
  const known = Object.keys(found.config.checks);
  const meant = names.length === 0 ? known : [...new Set(names)];
  if (meant.length > 1) checkApart(said);
  return meant.map((name) => {
    const check = known.includes(name) ? found.config.checks[name] : undefined;
    if (check === undefined) {
      throw new Misuse(
        `check: unknown check "${name}"${suggestion(name, known)}; ${found.path} names ${known.join(", ")}`,
      );
    }
    const configured = optionsOf(check, found, name);
    // A configuration says how the whole is reported, which is not for a shard to do.
    const own = said.shard === undefined ? configured : forShard(configured);
    return { name, options: withName({ ...own, ...said }, name) };
  });
}

/** What a configuration says of a check that was made in shards; `null` if there is none, or it says nothing of that check. */
export async function configuredAs(name: string, options: ConfigOptions): Promise<CheckOptions | null> {
  const found = await configOf(options);
  const check = found?.config.checks[name];
  return found === null || check === undefined ? null : optionsOf(check, found, name);
}

function optionsOf(check: CheckConfig, { folder, path }: Found, name: string): CheckOptions {
  return parsed(wordsOf(check, folder), `${path}: $.checks.${name}`);
}

/** The configuration that the options mean, if there is one. Throws `Misuse` as above. */
export async function configFile(options: ConfigOptions): Promise<readonly string[]> {
  const found = await configOf(options);
  return found === null ? [] : [found.path];
}

async function configOf({ config }: ConfigOptions): Promise<Found | null> {
  if (config === false) return null;
  return typeof config === "string" ? await readConfig(config) : await findConfig(process.cwd());
}

/** The options that the command line gives, without defaults. */
function saidIn(options: CheckOptions, command: Command): Partial<CheckOptions> {
  const said = Object.entries(options).filter(([option]) => command.getOptionValueSource(option) === "cli");
  return Object.fromEntries(said);
}

/** The options of `segmf check` that words of a command line stand for. */
function parsed(words: readonly string[], where: string): CheckOptions {
  const command = addCheckOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  try {
    return command.parse([...words], { from: "user" }).opts<CheckOptions>();
  } catch (error) {
    if (error instanceof Misuse) throw new Misuse(`${where}: ${error.message}`);
    throw error;
  }
}

/** How a check says what flags say. */
export const FLAGS = {
  driver: "--driver",
  kernel: "--kernel",
  fix: "--fix",
  only: "--only",
  pages: "--pages",
  domids: "--domids",
  refs: "--refs",
  forks: "--forks",
  maxGrefs: "--max-grefs",
  faults: "--faults",
  alphabet: "--alphabet",
  limitStates: "--limit-states",
  limitSeconds: "--limit-seconds",
  maxMemory: "--max-memory",
  callTimeout: "--call-timeout",
  callMemory: "--call-memory",
  selfCheck: "--self-check",
  workers: "--workers",
  random: "--random",
  seed: "--seed",
  invariants: "--invariants",
  out: "--out",
  format: "--format",
  reporters: "--reporter",
  expect: "--expect",
} as const satisfies Readonly<Record<keyof CheckConfig, string>>;

/** A check as words of a command line, so that both are read by the same rules. */
function wordsOf(check: CheckConfig, folder: string): readonly string[] {
  const at = (path: string): string => resolve(folder, path);
  const { driver, out, reporters = [], expect, ...plain } = check;
  const words: string[] = [];
  const add = (key: keyof CheckConfig, value: string | undefined): void => {
    if (value !== undefined) words.push(`${FLAGS[key]}=${value}`);
  };
  add("driver", driver !== undefined && isCFile(driver) ? at(driver) : driver);
  for (const [key, value] of Object.entries(plain)) {
    // What the schema lets through has these keys.
    add(key as keyof typeof plain, Array.isArray(value) ? value.join(",") : String(value));
  }
  add("out", out === undefined ? undefined : at(out));
  for (const reporter of reporters)
    add(
      "reporters",
      reporter.replace(/=(.+)/s, (_, file: string) => `=${at(file)}`),
    );
  if (typeof expect === "object") add("expect", at(expect.findings));
  return words;
}

/** Stands for a check's name in the names of files, so that each of several has files of its own. */
const NAME = "{name}";

/** Options that name what is written. */
const FILES = { out: "--out", record: "--record", checkpoint: "--checkpoint" } as const;

/** Throws `Misuse` if several checks would write to one place. */
function checkApart(said: Partial<CheckOptions>): void {
  for (const [option, flag] of Object.entries(FILES)) {
    const file = said[option as keyof typeof FILES];
    if (file !== undefined && !file.includes(NAME)) {
      throw new Misuse(`${flag} ${file}: several checks can't share it; put ${NAME} into it, or name one check`);
    }
  }
  for (const { reporter, file } of reportersOf(said)) {
    if (file === null ? reporter.isLog : file.includes(NAME)) continue;
    const place = file === null ? "standard output" : file;
    throw new Misuse(
      `--reporter ${reporter.name}: several checks can't share ${place}; say ${reporter.name}=FILE with ${NAME} in it, or name one check`,
    );
  }
}

/** The options with the check's name in the names of files. */
export function withName(options: CheckOptions, name: string): CheckOptions {
  const put = (file: string): string => file.replaceAll(NAME, name);
  const { out, record, checkpoint, resume, reporter } = options;
  return {
    ...options,
    ...(out === undefined ? {} : { out: put(out) }),
    ...(record === undefined ? {} : { record: put(record) }),
    ...(checkpoint === undefined ? {} : { checkpoint: put(checkpoint) }),
    ...(resume === undefined ? {} : { resume: put(resume) }),
    ...(reporter === undefined
      ? {}
      : { reporter: reporter.map((each) => (each.file === null ? each : { ...each, file: put(each.file) })) }),
  };
}
