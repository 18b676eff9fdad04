/** What the environment may do besides answering with success (contract section 4, the last paragraph; D12 for the last one). */
export const FAULT_CLASSES = [
  "addmap",
  "update_va_mapping",
  "map_grant_ref",
  "map_grant_ref_status",
  "unmap_grant_ref",
  "waiting",
  "unmap_grant_ref_status",
] as const;

export type FaultClass = (typeof FAULT_CLASSES)[number];

/** What `all` means: all that the contract lets the environment do. An element-wise failure of a release is not in it (D12). */
export const ALL_FAULTS: ReadonlySet<FaultClass> = new Set(
  FAULT_CLASSES.filter((fault) => fault !== "unmap_grant_ref_status"),
);

/** What makes the specification finite: how much there is of everything, and what may fail. */
export interface Scope {
  /** Pages of every segment, 1 to 512. */
  readonly pages: number;
  /** The foreign domains that callers name. */
  readonly domids: readonly number[];
  /** The most refs of one `add_grefs` that is not refused. */
  readonly refs: number;
  /** SEGMF_MAX_GREFS (D11). */
  readonly maxGrefs: number;
  /** How many forks are ever made (D8). */
  readonly forks: number;
  readonly faults: ReadonlySet<FaultClass>;
  /** `wide` has read-only segments, a second frame for every page, and PTEs registered at a wrong address. */
  readonly alphabet: "default" | "wide";
}

/** The first `count` foreign domains: 7, 9, 11, … */
export function foreignDomids(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => 7 + 2 * n);
}

/**
 * A scope from what is said of it: 2 pages, 2 domids, as many refs as pages, the true SEGMF_MAX_GREFS, no forks, all faults.
 * Throws a RangeError that names the member where a number makes no sense.
 */
export function defineScope(partial: Partial<Scope> = {}): Scope {
  const pages = whole("pages", partial.pages ?? 2, 1, 512);
  const domids = partial.domids ?? foreignDomids(2);
  whole("domids (how many)", domids.length, 1, 0x10000);
  return {
    pages,
    domids,
    refs: whole("refs", partial.refs ?? pages, 1, 512),
    maxGrefs: whole("maxGrefs", partial.maxGrefs ?? 16, 1, 512),
    forks: whole("forks", partial.forks ?? 0, 0, 64),
    faults: partial.faults ?? ALL_FAULTS,
    alphabet: partial.alphabet ?? "default",
  };
}

function whole(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
  }
  return value;
}
