import type { Driver, Machine } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { ERRATA } from "../../impl/segmf/errata.js";
import { MUTANTS } from "../../impl/segmf/mutants.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import { Specification } from "./specification.js";

/** A driver with one known fault: an erratum of the shipped driver, or a mutant made to break an invariant. */
interface KnownFault {
  readonly id: string;
  /** The invariant that a mutant is made for. */
  readonly breaks: string | null;
  driver(machine: Machine): Driver;
}

const KNOWN_FAULTS: readonly KnownFault[] = [
  ...MUTANTS.map(({ id, breaks }) => ({
    id,
    breaks,
    driver: (machine: Machine) => segmfDriver({ machine, errata: new Set(), mutants: new Set([id]) }),
  })),
  ...ERRATA.map(({ id }) => ({
    id,
    breaks: null,
    driver: (machine: Machine) => segmfDriver({ machine, errata: new Set([id]) }),
  })),
];

/** Small scopes in which every invariant can be broken, smallest first. */
const SCOPES = [
  defineScope({ pages: 1, domids: [7, 9] }),
  defineScope({ pages: 1, domids: [7], forks: 1 }),
  defineScope({ pages: 2, domids: [7] }),
  defineScope({ pages: 1, domids: [7], faults: new Set(FAULT_CLASSES), alphabet: "wide" }),
];

/**
 * Breaks every invariant on purpose: explores drivers with one known fault each, the mutants first, until every invariant was
 * seen broken. The result says by which fault first; an invariant that is missing from it could not be broken, so that
 * checking it says nothing.
 * @param signal stops it: the result is then what was broken by then
 */
export async function breakEveryInvariant(signal?: AbortSignal): Promise<ReadonlyMap<InvariantId, string>> {
  const broken = new Map<InvariantId, string>();
  for (const scope of SCOPES) {
    const specification = new Specification(sizeOf(scope));
    const machine: Machine = { kernel: "debug", pages: scope.pages, maxGrefs: scope.maxGrefs };
    for (const fault of KNOWN_FAULTS) {
      const aim = INVARIANTS.find(({ id }) => id === fault.breaks)?.id;
      if (aim !== undefined && broken.has(aim)) continue;
      if (signal?.aborted === true || INVARIANTS.every(({ id }) => broken.has(id))) return broken;
      for (const id of await brokenBy(fault.driver(machine), specification, scope, aim)) {
        if (!broken.has(id)) broken.set(id, fault.id);
      }
    }
  }
  return broken;
}

/** Which invariants a driver breaks; stops as soon as it breaks the one aimed at. */
async function brokenBy(
  driver: Driver,
  specification: Specification,
  scope: Scope,
  aim: InvariantId | undefined,
): Promise<readonly InvariantId[]> {
  const enough = new AbortController();
  const { product, report } = await exploreProduct(specification, driver, scope, {
    limits: { signal: enough.signal },
    violated: ({ breaches }) => {
      if (breaches.some(({ invariant }) => invariant === aim)) enough.abort();
    },
  });
  const broken = [...product.tally.broken.keys()];
  return (report.unfreeable ?? 0) > 0 ? [...broken, "freeable"] : broken;
}
