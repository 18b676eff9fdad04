import { InvalidArgumentError, Option } from "commander";
import type { KernelKind } from "../../impl/driver.js";

/** A parser of whole numbers in a range, for an option; says what was expected. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** A parser of a share, 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a share from 0 to 1.");
}

/** A parser of positive seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a positive number of seconds.");
}

/** A parser of a comma-separated list. */
export function list(text: string): readonly string[] {
  const members = text
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
  if (members.length > 0) return members;
  throw new InvalidArgumentError("Expected a list separated by commas.");
}

export const KERNELS: readonly KernelKind[] = ["debug", "release"];

export function driverOption(): Option {
  return new Option("--driver <driver>", "corrected, illumos, or the path of a seg_mf.c").default("corrected");
}

export function kernelOption(): Option {
  return new Option("--kernel <kernel>", "debug checks ASSERTs, release does not").choices(KERNELS).default("debug");
}
