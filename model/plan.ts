import { FAULT_CLASSES, type FaultClass, type Scope } from "./scope.js";

/** How large a chart is to be generated, and what it need not provide for. */
export interface ChartSize {
  /** Pages of every segment. */
  readonly pages: number;
  /** The most forks of a run: segments 0 to `forks` have regions. */
  readonly forks: number;
  readonly maxGrefs: number;
  /** The most refs of an add that is not refused; by default as many as fit. */
  readonly refs?: number;
  /** What may fail; by default everything. What may not has no transitions. */
  readonly faults?: ReadonlySet<FaultClass>;
  /** May callers register a PTE at a wrong address? By default yes. */
  readonly mistakes?: boolean;
  /** How many segments `create` may make, 1 by default. */
  readonly creates?: number;
}

/** A chart's size with all that follows from it. A chart has no transition that its size rules out. */
export interface Plan {
  readonly pages: number;
  readonly maxGrefs: number;
  /** How many segments `create` may make, and how many may come to be in all. */
  readonly numbers: { readonly created: number; readonly all: number };
  readonly faults: ReadonlySet<FaultClass>;
  readonly mistakes: boolean;
  /** The most elements of one hypercall that maps grants, and of one that unmaps them. */
  readonly mostMapped: number;
  readonly mostReleased: number;
}

export function plan(size: ChartSize): Plan {
  const { pages, forks, maxGrefs, refs = pages, faults = new Set(FAULT_CLASSES), mistakes = true, creates = 1 } = size;
  const mostReleased = Math.min(pages, maxGrefs);
  return {
    pages,
    maxGrefs,
    numbers: { created: creates > 1 ? creates + forks : 1, all: creates + forks },
    faults,
    mistakes,
    mostMapped: Math.min(refs, mostReleased),
    mostReleased,
  };
}

/** The size of the chart that a scope needs: all that its alphabet reaches, and nothing else. */
export function sizeOf({ pages, forks, maxGrefs, refs, faults, alphabet }: Scope): ChartSize {
  return { pages, forks, maxGrefs, refs, faults, mistakes: alphabet === "wide" };
}

/** The things given, if the condition holds. For parts of the chart that only some sizes need. */
export function when<const T>(condition: boolean, ...things: readonly T[]): T[] {
  return condition ? [...things] : [];
}
