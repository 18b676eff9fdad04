import type { KernelKind, Machine } from "../../../impl/driver.js";
import type { NativeModule } from "../../../impl/native/module.js";
import { ERRATA, type ErratumId } from "../../../impl/segmf/errata.js";
import type { ChartSize } from "../../../model/plan.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../../model/scope.js";
import type { Scenario } from "../../../traces/scenario/scenario.js";
import { type DriverChoice, editionName } from "../../report/command.js";

/** The driver that one walks with: an edition, or a C file's that somebody opened. */
export type Chosen =
  | { readonly kind: "edition"; readonly errata: readonly ErratumId[] }
  | { readonly kind: "native"; readonly native: NativeModule };

/** What one walks with, and where. */
export interface Setup {
  readonly driver: Chosen;
  readonly kernel: KernelKind;
  /** Pages of every segment. */
  readonly pages: number;
  /** The most forks that are offered. */
  readonly forks: number;
  /** SEGMF_MAX_GREFS. */
  readonly maxGrefs: number;
  /** How many segments `create` may make; more than one only where a trace does so. */
  readonly creates: number;
}

/** What pages, forks and limits one may choose. A trace may have more pages and forks. */
export const MOST = { pages: 8, forks: 3, maxGrefs: 16 } as const;

export const START: Setup = {
  driver: { kind: "edition", errata: [] },
  kernel: "debug",
  pages: 2,
  forks: 1,
  maxGrefs: 16,
  creates: 1,
};

export function machineOf({ kernel, pages, maxGrefs }: Setup): Machine {
  return { kernel, pages, maxGrefs };
}

export function chartSizeOf({ pages, forks, maxGrefs, creates }: Setup): ChartSize {
  return { pages, forks, maxGrefs, creates };
}

/** What is offered: everything may fail, also single elements of a release (D12). */
export function scopeOf({ pages, forks, maxGrefs }: Setup): Scope {
  return defineScope({ pages, forks, maxGrefs, faults: new Set(FAULT_CLASSES) });
}

/** The setup in which a scenario can be walked: its pages, and as many segments as it makes. */
export function setupFor(setup: Setup, { pages, steps }: Scenario): Setup {
  const count = (name: string) => steps.filter(({ call }) => call.call === name).length;
  return { ...setup, pages, forks: Math.max(setup.forks, count("dup")), creates: Math.max(1, count("create")) };
}

/** The driver as a command line names it. */
export function choiceOf({ driver, kernel }: Setup): DriverChoice {
  if (driver.kind === "native") return { driver: driver.native.path, kernel };
  const has = new Set(driver.errata);
  const ids = ERRATA.map(({ id }) => id);
  const on = ids.filter((id) => has.has(id));
  const off = ids.filter((id) => !has.has(id));
  if (on.length === 0) return { driver: "corrected", kernel };
  if (off.length === 0) return { driver: "illumos", kernel };
  return on.length <= off.length ? { driver: "corrected", kernel, only: on } : { driver: "illumos", kernel, fix: off };
}

/** What the driver is called, in reports and here. */
export function driverName(setup: Setup): string {
  return editionName(choiceOf(setup));
}

/** Whether two setups have one driver on one machine. */
export function sameSetup(one: Setup, other: Setup): boolean {
  return (
    one.kernel === other.kernel &&
    one.pages === other.pages &&
    one.forks === other.forks &&
    one.maxGrefs === other.maxGrefs &&
    one.creates === other.creates &&
    sameDriver(one.driver, other.driver)
  );
}

function sameDriver(one: Chosen, other: Chosen): boolean {
  if (one.kind === "native" || other.kind === "native") {
    return one.kind === "native" && other.kind === "native" && one.native === other.native;
  }
  return one.errata.length === other.errata.length && one.errata.every((id) => other.errata.includes(id));
}
