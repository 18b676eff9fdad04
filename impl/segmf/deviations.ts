import type { ErratumId, ErratumSwitch } from "./errata.js";
import { ERRATA } from "./errata.js";
import type { MutantId, MutantSwitch } from "./mutants.js";
import { MUTANTS } from "./mutants.js";

/**
 * Where this edition of the driver departs from the contract: a plain record of booleans, all false in the corrected
 * driver. The code reads as the corrected driver; each place that asks for a member here is a departure and says so.
 */
export type Deviations = Readonly<Record<ErratumSwitch | MutantSwitch, boolean>>;

/** The record for a set of errata and a set of mutants. */
export function deviations(errata: ReadonlySet<ErratumId>, mutants: ReadonlySet<MutantId>): Deviations {
  const switches: readonly (readonly [ErratumSwitch | MutantSwitch, boolean])[] = [
    ...ERRATA.map((erratum) => [erratum.switch, errata.has(erratum.id)] as const),
    ...MUTANTS.map((mutant) => [mutant.switch, mutants.has(mutant.id)] as const),
  ];
  // Every switch is that of one listed erratum or mutant, so the record is whole.
  return Object.fromEntries(switches) as Deviations;
}
