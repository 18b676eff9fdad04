import test from "ava";
import type { KernelKind } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../model/scope.js";
import type { Difference } from "./difference.js";
import { type Bounds, type LockstepReport, lockstep } from "./lockstep.js";
import { nativeSubject } from "./nativesubject.js";
import { Specification } from "./specification.js";
import { edition, type Subject } from "./subject.js";
import { LEFT_OUT, seedFile } from "./testing/seed.js";

const ONE_PAGE = defineScope({ pages: 1, domids: [7] });
const PAST: Bounds = { depth: 4, grants: 3, counts: 3 };

async function together(
  left: Subject,
  right: Subject,
  kernel: KernelKind,
  scope: Scope,
  bounds: Bounds | null,
): Promise<LockstepReport> {
  const machine = { kernel, pages: scope.pages, maxGrefs: scope.maxGrefs };
  const specification = new Specification(sizeOf(scope));
  return lockstep(await left.open(machine), await right.open(machine), specification, scope, { bounds });
}

const SEED = seedFile(process.env);
/** Skipped, with the reason beside its name, where there is no such file. */
const seedTest = SEED === null ? test.skip : test;
const WHY = SEED === null ? `; ${LEFT_OUT}` : "";
const illumos = edition("illumos", ILLUMOS);

test("an edition does not differ from itself", async (t) => {
  const { difference, complete, states, edges } = await together(illumos, illumos, "debug", ONE_PAGE, null);
  t.is(difference, null);
  t.true(complete);
  t.deepEqual({ states, edges }, { states: 17, edges: 809 });
});

const DIFFERENCES: readonly {
  readonly id: ErratumId;
  readonly about: Difference["about"];
  readonly calls: readonly string[];
}[] = [
  { id: "mfn-zero-binds", about: "state", calls: ["create", "add_mfns"] },
  { id: "release-mfn-page", about: "return", calls: ["create", "add_mfns", "release_grefs"] },
  { id: "dup-copies-map", about: "state", calls: ["create", "add_mfns", "dup"] },
];

for (const { id, about, calls } of DIFFERENCES) {
  test(`${id} alone is told from the corrected driver by a shortest sequence of calls`, async (t) => {
    const scope = defineScope({ pages: 1, domids: [7], forks: 1 });
    const found = await together(edition("corrected", CORRECTED), edition(id, new Set([id])), "debug", scope, null);
    t.false(found.complete);
    t.is(found.difference?.about, about);
    t.deepEqual(
      found.difference?.steps.map(({ call }) => call.call),
      calls,
    );
  });
}

test("past violations more is followed than up to the first", async (t) => {
  const clean = await together(illumos, illumos, "release", ONE_PAGE, null);
  const past = await together(illumos, illumos, "release", ONE_PAGE, PAST);
  t.is(past.difference, null);
  t.deepEqual([clean.states, past.states], [17, 73]);
});

test("the same calls on a driver that is another after the third differ there, and nowhere before", async (t) => {
  const machine = { kernel: "debug", pages: 1, maxGrefs: 16 } as const;
  const left = segmfDriver({ machine, errata: ILLUMOS });
  const right = segmfDriver({ machine, errata: new Set([...ILLUMOS].filter((id) => id !== "release-forgets-failed")) });
  const scope = defineScope({ pages: 1, domids: [7], faults: new Set(["unmap_grant_ref"]) });
  const { difference } = await lockstep(left, right, new Specification(sizeOf(scope)), scope, { bounds: null });
  t.deepEqual(
    difference?.steps.map(({ call }) => call.call),
    ["create", "add_gref_pte", "add_grefs", "release_grefs"],
  );
});

/** With a fork, all faults and the wide alphabet, past violations. */
const WIDE_FORK = { pages: 1, domids: [7], forks: 1, alphabet: "wide", faults: new Set(FAULT_CLASSES) } as const;

/** Where the C is compared with the edition: in each run of the tests as little as shows every call, in `npm run test:deep` more. */
const COMPARED =
  process.env.SEGMF_TEST_DEEP === "1"
    ? { clean: [{ pages: 1 }, { pages: 2 }], past: PAST }
    : {
        clean: [
          { pages: 1, domids: [7] },
          { pages: 2, domids: [7], faults: new Set<never>() },
        ],
        past: { ...PAST, depth: 3 },
      };

for (const kernel of ["debug", "release"] as const) {
  seedTest(`the shipped C does what edition illumos does, on the ${kernel} kernel${WHY}`, async (t) => {
    if (SEED === null) return;
    const cFile = nativeSubject(SEED);
    for (const scope of COMPARED.clean) {
      const { difference, complete } = await together(illumos, cFile, kernel, defineScope(scope), null);
      t.is(difference, null);
      t.true(complete);
    }
    const past = await together(illumos, cFile, kernel, defineScope(WIDE_FORK), COMPARED.past);
    t.is(past.difference, null);
    t.true(past.complete);
  });
}
