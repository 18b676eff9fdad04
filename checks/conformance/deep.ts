import type { KernelKind } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../model/scope.js";
import type { Limits } from "../engine/index.js";
import { exploreProduct } from "./explore.js";
import { type Bounds, lockstep } from "./lockstep.js";
import { Specification } from "./specification.js";
import { edition, type Subject } from "./subject.js";

/** One exploration that is too long for every test run. */
export interface DeepCheck {
  readonly title: string;
  run(limits: Limits): Promise<DeepResult>;
}

export interface DeepResult {
  readonly holds: boolean;
  readonly complete: boolean;
  readonly text: string;
}

const KERNELS: readonly KernelKind[] = ["debug", "release"];

/** How far two drivers are followed past violations. */
const BOUNDS: Bounds = { depth: 5, grants: 4, counts: 4 };

/**
 * The long explorations: the corrected driver at 3 pages and at 2 pages with a fork, every edge made in every state; at 3
 * pages with a fork, where that would take days, a share of them; and, if there is a C file, edition illumos against it,
 * complete up to the first violation at the first two sizes, and past violations within bounds.
 */
export function deepChecks(cFile: Subject | null): readonly DeepCheck[] {
  const large = [defineScope({ pages: 3 }), defineScope({ pages: 2, forks: 1 })];
  const corrected = [
    ...large.map((scope) => correctedCheck(scope, 1)),
    correctedCheck(defineScope({ pages: 3, forks: 1 }), 0.0001),
  ];
  if (cFile === null) return corrected;
  const proof = KERNELS.flatMap((kernel) => large.map((scope) => portCheck(cFile, kernel, scope, null)));
  const past = KERNELS.flatMap((kernel) =>
    [
      defineScope({ pages: 2, domids: [7], faults: new Set(FAULT_CLASSES) }),
      defineScope({ pages: 1, alphabet: "wide", forks: 1, domids: [7] }),
    ].map((scope) => portCheck(cFile, kernel, scope, BOUNDS)),
  );
  return [...corrected, ...proof, ...past];
}

function correctedCheck(scope: Scope, selfCheck: number): DeepCheck {
  const share = selfCheck === 1 ? "every edge" : `${selfCheck} of the edges`;
  return {
    title: `corrected, ${sizeText(scope)}, ${share} made again`,
    run: async (limits) => {
      const driver = await edition("corrected", CORRECTED).open({ kernel: "debug", pages: scope.pages, maxGrefs: 16 });
      const { product, report } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope, {
        limits,
        selfCheck,
      });
      const { states, edges, executed, depth, complete, unfreeable, deadlocks, violatingEdges, notFactored } = report;
      const wrong = violatingEdges + (unfreeable ?? 0) + deadlocks + product.nondeterminism.length;
      return {
        holds: wrong === 0 && notFactored === null,
        complete,
        text: `${states} states, ${edges} edges (${executed} made), depth ${depth}, ${violatingEdges} violating`,
      };
    },
  };
}

function portCheck(cFile: Subject, kernel: KernelKind, scope: Scope, bounds: Bounds | null): DeepCheck {
  const extent =
    bounds === null
      ? "up to the first violation"
      : `past violations to depth ${bounds.depth}, ${bounds.grants} grants, counts within ${bounds.counts}`;
  return {
    title: `illumos x ${cFile.name}, ${kernel}, ${sizeText(scope)}, ${extent}`,
    run: async (limits) => {
      const machine = { kernel, pages: scope.pages, maxGrefs: 16 };
      const left = await edition("illumos", ILLUMOS).open(machine);
      const right = await cFile.open(machine);
      const found = await lockstep(left, right, new Specification(sizeOf(scope)), scope, { bounds, limits });
      const { states, edges, depth, complete, difference } = found;
      const verdict =
        difference === null ? "no difference" : `differ in ${difference.about} after ${difference.steps.length} calls`;
      return {
        holds: difference === null,
        complete,
        text: `${states} pairs, ${edges} edges, depth ${depth}, ${verdict}`,
      };
    },
  };
}

function sizeText({ pages, forks, domids, alphabet }: Scope): string {
  const fork = forks === 0 ? "" : `, ${forks} fork`;
  return `${pages} page${pages === 1 ? "" : "s"}${fork}, ${domids.length} domid${domids.length === 1 ? "" : "s"}, ${alphabet} alphabet`;
}
