import type { BenchScope } from "./task.js";

/** How large the sizes are: small, middling, or the largest that goals are set for. */
export type Effort = "quick" | "default" | "full";

/** Which engine is measured. The sizes below follow it: those of the compiled one are out of the other's reach. */
export const ENGINE: "reference" | "compiled" = "compiled";

/** Whether the engine has more than one thread. */
export const HAS_WORKERS: boolean = true;

interface Sizes {
  /** Two-phase commit in whole processes: resource managers, and rounds each. */
  readonly limit: readonly number[];
  readonly limitRounds: number;
  /** Two-phase commit and philosophers against other explorers; the last size is the one that goals are set for. */
  readonly peers: readonly number[];
  readonly peerPhilosophers: readonly number[];
  /** Growing sizes, the smallest first. */
  readonly scaling: readonly number[];
  readonly scalingPhilosophers: readonly number[];
  readonly specification: readonly BenchScope[];
  readonly drivers: BenchScope;
  readonly calls: number;
  /** Two-phase commit by one worker and by two. */
  readonly workers: number;
}

const SMALL = {
  quick: {
    limit: [3],
    limitRounds: 3,
    peers: [3],
    peerPhilosophers: [5],
    scaling: [3, 4],
    scalingPhilosophers: [5, 7],
    specification: [{ pages: 1 }],
    drivers: { pages: 1 },
    calls: 5000,
    workers: 4,
  },
  default: {
    limit: [3, 5],
    limitRounds: 5,
    peers: [3, 5],
    peerPhilosophers: [5, 8],
    scaling: [3, 4, 5],
    scalingPhilosophers: [6, 8, 9],
    specification: [{ pages: 1 }, { pages: 2 }],
    drivers: { pages: 2 },
    calls: 20_000,
    workers: 5,
  },
  full: {
    limit: [3, 5, 6],
    limitRounds: 5,
    peers: [3, 5],
    peerPhilosophers: [5, 8],
    scaling: [3, 4, 5, 6],
    scalingPhilosophers: [6, 8, 10],
    specification: [{ pages: 1 }, { pages: 2 }, { pages: 3 }],
    drivers: { pages: 3 },
    calls: 20_000,
    workers: 6,
  },
} as const satisfies Readonly<Record<Effort, Sizes>>;

const LARGE = {
  quick: {
    ...SMALL.quick,
    limit: [5, 7],
    scaling: [5, 7],
    scalingPhilosophers: [11, 13],
    specification: [{ pages: 1 }, { pages: 2 }],
    workers: 7,
  },
  default: {
    ...SMALL.default,
    limit: [5, 7, 8],
    scaling: [5, 7, 8],
    scalingPhilosophers: [11, 13, 16],
    specification: [{ pages: 1 }, { pages: 2 }, { pages: 3 }],
    workers: 8,
  },
  full: {
    ...SMALL.full,
    limit: [5, 7, 8, 9],
    scaling: [5, 7, 8, 9],
    // 16 thousand to 45 million states.
    scalingPhilosophers: [11, 13, 16, 18, 20],
    specification: [{ pages: 1 }, { pages: 2 }, { pages: 3 }, { pages: 2, forks: 1 }],
    workers: 9,
  },
} as const satisfies Readonly<Record<Effort, Sizes>>;

export function sizesOf(effort: Effort): Sizes {
  return { reference: SMALL, compiled: LARGE }[ENGINE][effort];
}
