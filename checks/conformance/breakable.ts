import type { Driver, Machine } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import type { MutantId } from "../../impl/segmf/mutants.js";
import type { InvariantId } from "../../model/judged.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import { Specification } from "./specification.js";

/** Small scopes in which every invariant can be broken. */
const PAGE = defineScope({ pages: 1, domids: [7, 9] });
const FORK = defineScope({ pages: 1, domids: [7], forks: 1 });

/** A known fault: an erratum of the shipped driver, or a mutant made to break an invariant. */
type Fault = { readonly mutant: MutantId } | { readonly erratum: ErratumId };

interface Breaking {
  readonly fault: Fault;
  readonly scope: Scope;
  /** What the fault is to break there. */
  readonly aims: readonly InvariantId[];
}

/** Each invariant is the aim of one fault. What else a fault breaks is not looked at. */
const BREAKINGS: readonly Breaking[] = [
  { fault: { mutant: "grants-read-only" }, scope: PAGE, aims: ["success-exact"] },
  {
    fault: { mutant: "refused-frame-given-back-twice" },
    scope: PAGE,
    aims: ["empty-rollback", "softlock-nonnegative", "softlock-exact", "wake"],
  },
  {
    fault: { mutant: "add-rebinds" },
    scope: PAGE,
    aims: ["result-exact", "refusal-is-pure", "domid-once", "one-domain"],
  },
  { fault: { mutant: "grants-writable" }, scope: PAGE, aims: ["write-permission"] },
  { fault: { mutant: "softlock-unguarded" }, scope: PAGE, aims: ["lock-discipline"] },
  { fault: { mutant: "unmap-without-delmap" }, scope: PAGE, aims: ["no-residue", "vnode-balance"] },
  { fault: { mutant: "bound-never-unmaps" }, scope: PAGE, aims: ["freeable"] },
  { fault: { erratum: "unmap-leaks-grants" }, scope: PAGE, aims: ["grant-owned-once"] },
  { fault: { erratum: "unmap-unlocks-all" }, scope: PAGE, aims: ["kernel-contract"] },
  { fault: { erratum: "word-shared" }, scope: PAGE, aims: ["map-is-truth"] },
  { fault: { erratum: "gref-redefine-no-teardown" }, scope: PAGE, aims: ["lock-balance"] },
  { fault: { mutant: "child-binds-parent" }, scope: FORK, aims: ["fork-isolation"] },
];

/**
 * Breaks every invariant on purpose: explores drivers with one known fault each, until the invariants that the fault is to
 * break were seen broken. The result says by which fault; an invariant that is missing from it could not be broken, so that
 * checking it says nothing.
 * @param signal stops it: the result is then what was broken by then
 */
export async function breakEveryInvariant(signal?: AbortSignal): Promise<ReadonlyMap<InvariantId, string>> {
  const broken = new Map<InvariantId, string>();
  const specifications = new Map<Scope, Specification>();
  for (const breaking of BREAKINGS) {
    if (signal?.aborted === true) break;
    const { fault, scope } = breaking;
    const specification = specifications.get(scope) ?? new Specification(sizeOf(scope));
    specifications.set(scope, specification);
    for (const id of await brokenBy(breaking, specification)) {
      broken.set(id, "mutant" in fault ? fault.mutant : fault.erratum);
    }
  }
  return broken;
}

/** Which of the invariants aimed at the fault breaks. */
async function brokenBy(
  { fault, scope, aims }: Breaking,
  specification: Specification,
): Promise<readonly InvariantId[]> {
  const enough = new AbortController();
  const missing = new Set<InvariantId>(aims);
  const { report } = await exploreProduct(specification, driverWith(fault, scope), scope, {
    limits: { signal: enough.signal },
    violated: ({ breaches }) => {
      for (const { invariant } of breaches) missing.delete(invariant);
      if (missing.size === 0) enough.abort();
    },
  });
  if ((report.unfreeable ?? 0) > 0) missing.delete("freeable");
  return aims.filter((id) => !missing.has(id));
}

function driverWith(fault: Fault, { pages, maxGrefs }: Scope): Driver {
  const machine: Machine = { kernel: "debug", pages, maxGrefs };
  if ("mutant" in fault) return segmfDriver({ machine, errata: new Set(), mutants: new Set([fault.mutant]) });
  return segmfDriver({ machine, errata: new Set([fault.erratum]) });
}
