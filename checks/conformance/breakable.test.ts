import test from "ava";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { MUTANTS, type MutantId } from "../../impl/segmf/mutants.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { breakEveryInvariant } from "./breakable.js";
import { exploreProduct } from "./explore.js";
import { Specification } from "./specification.js";
import { KERNELS, machine } from "./testing/drivers.js";
import { texts } from "./testing/steps.js";
import type { Violation } from "./violation.js";

test("every invariant is broken on purpose, and it is known by which fault first", async (t) => {
  const broken = await breakEveryInvariant();
  const by = new Map<string, string>([
    ["result-exact", "add-rebinds"],
    ["success-exact", "grants-read-only"],
    ["empty-rollback", "refused-frame-given-back-twice"],
    ["refusal-is-pure", "add-rebinds"],
    ["softlock-nonnegative", "refused-frame-given-back-twice"],
    ["softlock-exact", "refused-frame-given-back-twice"],
    ["domid-once", "add-rebinds"],
    ["map-is-truth", "word-shared"],
    ["grant-owned-once", "unmap-leaks-grants"],
    ["lock-balance", "gref-redefine-no-teardown"],
    ["no-residue", "unmap-without-delmap"],
    ["vnode-balance", "unmap-without-delmap"],
    ["one-domain", "add-rebinds"],
    ["write-permission", "grants-writable"],
    ["lock-discipline", "softlock-unguarded"],
    ["wake", "refused-frame-given-back-twice"],
    ["fork-isolation", "child-binds-parent"],
    ["freeable", "bound-never-unmaps"],
    ["kernel-contract", "unmap-unlocks-all"],
  ]);
  t.deepEqual(
    new Map(INVARIANTS.map(({ id }) => [id as string, broken.get(id)])),
    new Map<string, string | undefined>(by),
  );
});

test("breaking every invariant can be stopped, and then says so by what is missing", async (t) => {
  t.is((await breakEveryInvariant(AbortSignal.abort())).size, 0);
});

const SCOPES = {
  page: defineScope({ pages: 1, domids: [7, 9] }),
  fork: defineScope({ pages: 1, domids: [7], forks: 1 }),
  pages: defineScope({ pages: 2, domids: [7] }),
  wide: defineScope({ pages: 1, domids: [7], alphabet: "wide" }),
} as const;

/** For each mutant the scope that shows it and the shortest scenario that breaks the invariant it is made for. */
const SHOWN: Readonly<Record<MutantId, readonly [scope: keyof typeof SCOPES, ...steps: readonly string[]]>> = {
  "frames-do-not-advance": ["pages", "create rw", "add_mfns 0+2"],
  "grants-read-only": ["page", "create rw", "add_gref_pte 0", "add_grefs 0+1 writable"],
  "refused-frame-given-back-twice": ["page", "create rw", "add_mfns 0+1 ! update -22"],
  "add-rebinds": ["page", "create rw", "add_mfns 0+1", "add_mfns 0+1 of 9"],
  "self-allowed": ["page", "create rw", "add_mfns 0+1 of 32752"],
  "failure-unbinds": ["page", "create rw", "add_mfns 0+1 ! update -22"],
  "callers-domain-mapped": ["page", "create rw", "add_mfns 0+1", "add_mfns 0+1 of 9"],
  "frames-writable": ["wide", "create r", "add_mfns 0+1"],
  "grants-writable": ["page", "create rw", "add_gref_pte 0", "add_grefs 0+1"],
  "softlock-unguarded": ["page", "create rw", "add_mfns 0+1"],
  "wake-under-freemem-lock": ["page", "create rw", "add_mfns 0+1", "add_mfns 0+1 waiting"],
  "lock-order-reversed": ["page", "create rw", "release_grefs 0+1"],
  "refusal-keeps-lock": ["page", "create rw", "add_mfns 0+2"],
  "dup-without-hold": ["fork", "create rw", "dup into 1"],
  "unmap-without-delmap": ["page", "create rw", "unmap 0+1"],
  "free-keeps-map": ["page", "create rw", "unmap 0+1"],
  "unmap-keeps-frames": ["page", "create rw", "add_mfns 0+1", "unmap 0+1"],
  "child-binds-parent": ["fork", "create rw", "dup into 1", "add_mfns 0+1 on 1"],
  // Breaks freeable, which no scenario shows: this is where the only way out is closed.
  "bound-never-unmaps": ["page", "create rw", "add_mfns 0+1", "unmap 0+1"],
};

for (const kernel of KERNELS) {
  for (const { id, breaks } of MUTANTS) {
    test(`${kernel}: ${id} is caught, and breaks ${breaks}`, async (t) => {
      const [name, ...steps] = SHOWN[id];
      const scope = SCOPES[name];
      const enough = new AbortController();
      const breaking: Violation[] = [];
      const aim = breaks === "freeable" ? "result-exact" : breaks;
      const { report } = await exploreProduct(
        new Specification(sizeOf(scope)),
        segmfDriver({ machine: machine(scope.pages, kernel), errata: new Set(), mutants: new Set([id]) }),
        scope,
        {
          limits: { signal: enough.signal },
          violated: (violation) => {
            if (!violation.breaches.some(({ invariant }) => invariant === aim)) return;
            breaking.push(violation);
            if (breaks !== "freeable") enough.abort();
          },
        },
      );
      t.deepEqual(texts(breaking[0]?.steps ?? []), steps);
      // One page that was bound once, in any of its states: 18 of 26. To see it takes the whole space.
      t.is(report.unfreeable, breaks === "freeable" ? 18 : null);
    });
  }
}
