import type { Driver, Machine } from "../../impl/driver.js";
import type { CallLimits } from "../../impl/native/index.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";

/** A driver that can be checked: how reports name it, and how to put it on a machine. */
export interface Subject {
  readonly name: string;
  /** The errata whose mending may explain a violation: those of the edition, or for a C file all of them. */
  readonly suspects: ReadonlySet<ErratumId>;
  /** What another thread can make the same subject of; without it, it stays in the thread that has it. */
  readonly plan?: SubjectPlan;
  /** A new driver with no segment. What is costly (compiling) is done once a machine. */
  open(machine: Machine): Promise<Driver>;
}

/** A subject as plain data. */
export type SubjectPlan =
  | { readonly kind: "edition"; readonly name: string; readonly errata: readonly ErratumId[] }
  | { readonly kind: "native"; readonly path: string; readonly limits?: CallLimits };

/** An edition of the TypeScript driver: the corrected one with the given errata switched on. */
export function edition(name: string, errata: ReadonlySet<ErratumId>): Subject {
  return {
    name,
    suspects: errata,
    plan: { kind: "edition", name, errata: [...errata] },
    open: (machine) => Promise.resolve(segmfDriver({ machine, errata, name })),
  };
}
