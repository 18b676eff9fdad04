import type { KernelKind } from "../../impl/driver.js";
import { counted, number } from "./style.js";

/** The driver that a command names, as its options say it. */
export interface DriverChoice {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly fix?: readonly string[];
  readonly only?: readonly string[];
  /** What one call of a C file may do: steps, and bytes of kernel memory. */
  readonly callTimeout?: number;
  readonly callMemory?: number;
}

/** What reports call an edition: `corrected`, `illumos`, or that with what is switched on or off in it. */
export function editionName({ driver, fix = [], only = [] }: Omit<DriverChoice, "kernel">): string {
  if (only.length > 0) return `${driver} with ${driver === "corrected" ? "" : "only "}${only.join(", ")}`;
  return fix.length === 0 ? driver : `${driver} without ${fix.join(", ")}`;
}

/** What one call of a C file was allowed, as reports say it; `null` if nothing was said of it, which leaves what is usual. */
export function limitsText({ callTimeout, callMemory }: DriverChoice): string | null {
  const limits = [
    ...(callTimeout === undefined ? [] : [`${number(callTimeout)} ${callTimeout === 1 ? "piece" : "pieces"} of code`]),
    ...(callMemory === undefined ? [] : [`${counted(callMemory, "byte")} of kernel memory`]),
  ];
  return limits.length === 0 ? null : `at most ${limits.join(" and ")} a call`;
}

/** The driver and what it ran on, in one line. */
export function driverText({ driver, kernel }: Pick<DriverChoice, "driver" | "kernel">, choice: DriverChoice): string {
  const limits = limitsText(choice);
  return `${driver} on the ${kernel} kernel${limits === null ? "" : `, ${limits}`}`;
}

/** Words of a command line that do the same again: `segmf run FILE --driver illumos`. A shell can read them back. */
export function commandLine(
  words: readonly string[],
  { driver, kernel, fix, only, callTimeout, callMemory }: DriverChoice,
): string {
  const all = [
    "segmf",
    ...words,
    "--driver",
    driver,
    ...(kernel === "debug" ? [] : ["--kernel", kernel]),
    ...(fix === undefined ? [] : ["--fix", fix.join(",")]),
    ...(only === undefined ? [] : ["--only", only.join(",")]),
    ...(callTimeout === undefined ? [] : ["--call-timeout", String(callTimeout)]),
    ...(callMemory === undefined ? [] : ["--call-memory", String(callMemory)]),
  ];
  return all.map(quoted).join(" ");
}

/** A word as a POSIX shell takes it for one. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
