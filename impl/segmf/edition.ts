import type { Driver, Machine } from "../driver.js";
import { hostDriver } from "../kernel/host.js";
import { Kernel } from "../kernel/kernel.js";
import { deviations } from "./deviations.js";
import { SegmfOps } from "./driver.js";
import type { ErratumId } from "./errata.js";
import { ERRATA } from "./errata.js";
import type { MutantId } from "./mutants.js";

/** The edition that meets the contract. */
export const CORRECTED: ReadonlySet<ErratumId> = new Set();

/** The edition that does what the shipped driver does, on LP64. */
export const ILLUMOS: ReadonlySet<ErratumId> = new Set(ERRATA.map((erratum) => erratum.id));

const NO_MUTANTS: ReadonlySet<MutantId> = new Set();

export interface SegmfOptions {
  readonly machine: Machine;
  readonly errata: ReadonlySet<ErratumId>;
  /** Deliberate faults, for testing the checks; none by default. */
  readonly mutants?: ReadonlySet<MutantId>;
  /** How reports name the driver; by default `corrected`, `illumos`, or what is switched on. */
  readonly name?: string;
}

/** Makes the driver, with these errata, on a new kernel of its own. */
export function segmfDriver(options: SegmfOptions): Driver {
  const { machine, errata, mutants = NO_MUTANTS } = options;
  const kernel = new Kernel(machine);
  const name = options.name ?? editionName(errata, mutants);
  return hostDriver(kernel, new SegmfOps(name, kernel, machine.pages, deviations(errata, mutants)));
}

function editionName(errata: ReadonlySet<ErratumId>, mutants: ReadonlySet<MutantId>): string {
  if (mutants.size === 0 && errata.size === 0) return "corrected";
  if (mutants.size === 0 && errata.size === ERRATA.length) return "illumos";
  return [...errata, ...mutants].join("+");
}
