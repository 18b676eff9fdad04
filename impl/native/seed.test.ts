import { existsSync } from "node:fs";
import type { ExecutionContext } from "ava";
import test from "ava";
import fc from "fast-check";
import type { Call, Driver, KernelCall, Machine, Observation, Outcome } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { PAGE_SIZE } from "../kernel/services.js";
import { ILLUMOS, segmfDriver } from "../segmf/edition.js";
import { nativeDriver } from "./driver.js";
import { loadNative } from "./load.js";
import { CREATE, DEBUG, NEIGHBOUR_SEED, perform, RELEASE } from "./testkit.js";

/** The driver as illumos ships it. It is no part of the project: without it these tests say so, and test nothing. */
const seed = process.env.SEG_MF_C ?? (existsSync(NEIGHBOUR_SEED) ? NEIGHBOUR_SEED : null);

function testSeed(title: string, body: (t: ExecutionContext, path: string) => Promise<void>): void {
  test(title, async (t) => {
    if (seed === null) t.pass();
    else await body(t, seed);
  });
}

test("whether there is a seg_mf.c to test with", (t) => {
  t.log(seed === null ? `LEFT OUT what needs one: none at $SEG_MF_C or ${NEIGHBOUR_SEED}` : `testing with ${seed}`);
  t.pass();
});

/** The scenario of the format's description. */
const EXAMPLE: readonly (readonly [Call, ...number[]])[] = [
  [CREATE, 0],
  [{ call: "add_mfns", seg: 0, page: 1, count: 2, mfn: 0x100, domid: 7 }, 0, -22],
  [{ call: "add_gref_pte", seg: 0, page: 2, pte_ma: 0x9010n }],
  [{ call: "add_gref_pte", seg: 0, page: 3, pte_ma: 0x9018n }],
  [{ call: "add_grefs", seg: 0, page: 2, grefs: [5, 6], writable: true, domid: 7 }, 0, 0, -1],
  [{ call: "release_grefs", seg: 0, page: 2, count: 2 }, 0],
  [{ call: "dup", seg: 0, into: 1 }, 0],
  [{ call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }],
  [{ call: "unmap", seg: 1, addr: 0, len: 4 * PAGE_SIZE }],
  [{ call: "unmap", seg: 0, addr: 0, len: 4 * PAGE_SIZE }],
];

testSeed("the example on a release kernel: what the shipped driver does at every step", async (t, path) => {
  const driver = nativeDriver(await loadNative(path, RELEASE), { ...RELEASE, pages: 4 });
  const outcomes = EXAMPLE.map(([call, ...answers]) => perform(driver, call, ...answers));
  t.deepEqual(
    outcomes.map(({ ret, panic }) => panic ?? ret),
    [0, 14, null, null, 0, 0, 0, 14, 0, 0],
  );
  t.true(
    outcomes[1]?.calls.some(
      (call) => call.fn === "update_va_mapping_otherdomain" && call.page === 1 && call.mfn === 0x100n && call.rc === 0,
    ),
  );
  const { segments, pageTables, vnode, memory } = driver.observe();
  t.deepEqual(segments, [null, null]);
  t.deepEqual([vnode, memory], [{ holds: 0, mappedPages: 0 }, { blocks: 0 }]);
  // The callers' locks on pages 2 and 3 were theirs to drop; the driver dropped one for the page that was left translated.
  t.is(pageTables[0]?.locks, -1);
});

testSeed("the example on a DEBUG kernel ends at the refused grant", async (t, path) => {
  const driver = nativeDriver(await loadNative(path, DEBUG), { ...DEBUG, pages: 4 });
  const outcomes = EXAMPLE.slice(0, 5).map(([call, ...answers]) => perform(driver, call, ...answers));
  t.deepEqual(
    outcomes.map(({ ret, panic }) => panic ?? ret),
    [0, 14, null, null, "assertion failed"],
  );
});

const PASSIVE = [
  "faulta",
  "setprot",
  "checkprot",
  "kluster",
  "sync",
  "incore",
  "lockop",
  "getprot",
  "getoffset",
  "gettype",
  "getvp",
  "advise",
  "dump",
  "pagelock",
  "setpagesize",
  "getmemid",
  "getpolicy",
  "capable",
  "inherit",
] as const;

testSeed("the slots that change nothing answer as the shipped edition's do", async (t, path) => {
  const pair = await Pair.open(path, { ...DEBUG, pages: 3 });
  pair.perform(t, CREATE, []);
  const key = pair.native.key();
  for (const call of PASSIVE) {
    for (const [page, count] of [
      [0, 3],
      [1, 0],
      [65_535, 65_535],
    ] as const) {
      pair.perform(t, { call, seg: 0, page, count }, []);
    }
  }
  t.is(pair.native.key(), key);
});

/** The C driver and edition illumos, side by side. */
class Pair {
  readonly native: Driver;
  readonly edition: Driver;

  constructor(native: Driver, edition: Driver) {
    this.native = native;
    this.edition = edition;
  }

  static async open(path: string, machine: Machine): Promise<Pair> {
    const native = nativeDriver(await loadNative(path, machine), machine);
    return new Pair(native, segmfDriver({ machine, errata: ILLUMOS }));
  }

  /** Performs the call on both and compares all that there is to see; says whether they panicked. */
  perform(t: ExecutionContext, call: Call, answers: readonly number[]): boolean {
    const ours = this.native.perform(call, scripted(answers));
    const theirs = this.edition.perform(call, scripted(answers));
    const same =
      text(withoutSizes(ours)) === text(withoutSizes(theirs)) &&
      text(this.native.observe()) === text(this.edition.observe());
    if (!same) {
      t.deepEqual(withoutSizes(ours), withoutSizes(theirs), call.call);
      t.deepEqual(this.native.observe(), this.edition.observe(), call.call);
    }
    return ours.panic !== null;
  }
}

/**
 * Blocks have other sizes on a machine with 32-bit pointers (decision D9). What a call looks at of its own segment's state is
 * each driver's affair.
 */
function withoutSizes(outcome: Outcome): Outcome {
  const calls = outcome.calls.map((call): KernelCall => {
    const { bytes: _, ...rest } = call;
    return call.fn.startsWith("kmem_") ? { ...rest, fn: call.fn } : call;
  });
  return { ...outcome, calls, touched: null };
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));
}

const PAGES = 3;
const page = fc.oneof(
  { weight: 20, arbitrary: fc.nat(PAGES - 1) },
  { weight: 1, arbitrary: fc.constantFrom(3, 65_535) },
);
const count = fc.oneof({ weight: 20, arbitrary: fc.nat(PAGES) }, { weight: 1, arbitrary: fc.constantFrom(17, 65_535) });
const domid = fc.constantFrom(7, 7, 7, 7, 9, 0, 0x7ff0);
const foreign = fc.nat(15).map((dice) => dice === 0);

/** A call on a segment that the run picks. */
const anyCall = fc.oneof(
  fc.record({
    call: fc.constant("add_mfns" as const),
    page,
    count,
    mfn: fc.constantFrom(0x100, 0x101, 2 ** 52 - 70_000),
    domid,
    foreign,
  }),
  fc.record({
    call: fc.constant("add_gref_pte" as const),
    page,
    pte_ma: fc.constantFrom(null, null, null, 1n, 0x9000n),
  }),
  fc.record({
    call: fc.constant("add_grefs" as const),
    page,
    grefs: fc.array(fc.constantFrom(5, 6, 0xffff_ffff), { maxLength: 3 }),
    writable: fc.boolean(),
    domid,
    foreign,
  }),
  fc.record({ call: fc.constant("release_grefs" as const), page, count }),
  fc.record({ call: fc.constant("dup" as const) }),
  fc.record({ call: fc.constant("unmap" as const), whole: fc.nat(4).map((dice) => dice > 0) }),
);

const step = fc.record({
  pick: fc.nat(9),
  made: anyCall,
  waiting: fc.nat(5).map((dice) => dice === 0),
  answers: fc.array(fc.constantFrom(0, 0, 0, 0, -1), { maxLength: 6 }),
});

/** The call on one of the live segments; `null` if there is none. */
function callOf(
  { pick, made, waiting }: typeof step extends fc.Arbitrary<infer S> ? S : never,
  now: Observation,
): Call | null {
  const live = now.segments.flatMap((segment, seg) => (segment === null || segment.stillborn ? [] : [seg]));
  const seg = live[pick % live.length];
  if (seg === undefined) return null;
  const common = { seg, waiting };
  switch (made.call) {
    case "add_gref_pte": {
      const truth = BigInt(0x9000 + 0x1000 * seg + 8 * made.page);
      return { ...made, ...common, pte_ma: made.pte_ma ?? truth };
    }
    case "dup":
      return { ...made, ...common, into: now.segments.length };
    case "unmap":
      return { call: "unmap", ...common, addr: 0, len: (made.whole ? PAGES : 1) * PAGE_SIZE };
    default:
      return { ...made, ...common };
  }
}

for (const machine of [DEBUG, RELEASE]) {
  testSeed(
    `edition illumos is the shipped driver, also past violations and panics (${machine.kernel})`,
    async (t, path) => {
      const pair = await Pair.open(path, { ...machine, pages: PAGES, maxGrefs: 2 });
      const { native, edition } = pair;
      const start = [native.snapshot(), edition.snapshot()] as const;
      const keys = new Map<string, string>();
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 25, size: "max" }), (steps) => {
          native.restore(start[0]);
          edition.restore(start[1]);
          pair.perform(t, CREATE, []);
          for (const each of steps) {
            const call = callOf(each, native.observe());
            if (call === null) return;
            const before = [native.snapshot(), edition.snapshot()] as const;
            if (pair.perform(t, call, each.answers)) {
              native.restore(before[0]);
              edition.restore(before[1]);
            }
            // Equal states of one are equal states of the other.
            const key = native.key();
            if (edition.key() !== (keys.get(key) ?? edition.key()))
              t.fail(`two states of the edition are one here: ${key}`);
            keys.set(key, edition.key());
          }
        }),
        { seed: 20_080_101, numRuns: 300 },
      );
      t.is(new Set(keys.values()).size, keys.size, "two states here are one of the edition");
      t.log(`${keys.size} states`);
      t.true(keys.size > 500);
    },
  );
}
