import { type Command, Option } from "commander";
import type { KernelKind } from "../../impl/driver.js";
import type { Shard } from "../conformance/shards.js";
import { Misuse } from "./exit.js";
import { suggestion } from "./suggest.js";

/** Parsers of options' values. Each says which option it was, what was expected and what was given. */
type Parser<T> = (text: string) => T;

/** Whole numbers in a range, which `range` puts into words. */
export function whole(
  flag: string,
  least: number,
  most: number,
  range = `a whole number from ${least} to ${most}`,
): Parser<number> {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw unexpected(flag, range, text);
  };
}

/** A share, 0 to 1. */
export function share(flag: string): Parser<number> {
  return (text) => {
    const value = decimal(text);
    if (value !== null && value <= 1) return value;
    throw unexpected(flag, "a share from 0 to 1", text);
  };
}

/** Seconds, more than none. */
export function seconds(flag: string): Parser<number> {
  return (text) => {
    const value = decimal(text);
    if (value !== null && value > 0) return value;
    throw unexpected(flag, "a positive number of seconds", text);
  };
}

const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Less than this does not even hold what an exploration begins with. */
export const LEAST_BYTES = 16 * 2 ** 20;

/** Bytes. */
export function size(
  flag: string,
  least = LEAST_BYTES,
  expected = "16MiB or more, in bytes, KiB, MiB, GiB or TiB",
): Parser<number> {
  return (text) => {
    const [, number = "", unit = ""] = /^([\d.]+)(KiB|MiB|GiB|TiB)?$/.exec(text) ?? [];
    const value = Math.floor((decimal(number) ?? 0) * (UNITS[unit] ?? 0));
    if (value >= least && Number.isSafeInteger(value)) return value;
    throw unexpected(flag, expected, text);
  };
}

/** Names separated by commas, at least one. */
export function list(flag: string): Parser<readonly string[]> {
  return (text) => {
    const members = text
      .split(",")
      .map((member) => member.trim())
      .filter((member) => member !== "");
    if (members.length > 0) return members;
    throw unexpected(flag, "a list separated by commas", text);
  };
}

/** One of a few names; `what` they are goes into the error. */
export function choice<T extends string>(flag: string, what: string, valid: readonly T[]): Parser<T> {
  return (text) => {
    const known = valid.find((name) => name === text);
    if (known !== undefined) return known;
    const expected = valid.length === 2 ? valid.join(" or ") : `one of ${valid.join(", ")}`;
    throw new Misuse(`${flag}: unknown ${what} "${text}"${suggestion(text, valid)}; expected ${expected}`);
  };
}

/** What is said of a value that an option can't have. */
export function unexpected(flag: string, expected: string, text: string): Misuse {
  return new Misuse(`${flag}: expected ${expected}, got "${text}"`);
}

/** A plain decimal number, or null. */
function decimal(text: string): number | null {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

const KERNELS: readonly KernelKind[] = ["debug", "release"];

/** Adds the options that say which driver, and on which kernel. */
export function addDriverOptions(command: Command): Command {
  return addKernelOption(
    command.option("--driver <driver>", "corrected, illumos, or the path of a seg_mf.c", "corrected"),
  )
    .option("--fix <ids>", "mend these errata of the driver illumos (segmf errata lists them)", list("--fix"))
    .option("--only <ids>", "the corrected driver with these errata, and no others", list("--only"))
    .option(
      "--call-timeout <steps>",
      "pieces of code that a call of a C file may run through before it is taken for endless (default: 4194304, and 1024 a page)",
      whole("--call-timeout", 1, 0x7fff_ffff),
    )
    .option(
      "--call-memory <size>",
      "kernel memory that a call of a C file may allocate, such as 64KiB (default: as much as there is)",
      size("--call-memory", 1, "a size such as 4096 or 64KiB"),
    );
}

/** Adds the option that says on which kernel. */
export function addKernelOption(command: Command): Command {
  return command.addOption(
    new Option("--kernel <kernel>", "debug checks ASSERTs, release does not")
      .argParser(choice("--kernel", "kernel", KERNELS))
      .default("debug" satisfies KernelKind),
  );
}

/** What `--shard` names: one of several parts. */
export function shard(text: string): Shard {
  const [, number = "0", of = "0"] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const read = { number: Number(number), of: Number(of) };
  if (read.number >= 1 && read.number <= read.of) return read;
  throw unexpected("--shard", "I/N, I from 1 to N", text);
}
