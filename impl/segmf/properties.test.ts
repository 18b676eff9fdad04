import test from "ava";
import fc from "fast-check";
import type { Call, Observation, Outcome, PageRecord, PageTable, Pte, SegmentState } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { PanicReason } from "../kernel/panic.js";
import { CORRECTED, segmfDriver } from "./edition.js";
import { ERRATA } from "./errata.js";
import { create, dup, frames, grants, register, release, unmap, waiting } from "./testkit.js";

const PAGES = 3;
const MAX_GREFS = 2;
const RUNS = { seed: 20_240_229, numRuns: 400 } as const;

const page = fc.integer({ min: 0, max: PAGES + 1 });
const count = fc.integer({ min: 0, max: PAGES });
const seg = fc.integer({ min: 0, max: 1 });
const domid = fc.constantFrom(7, 7, 7, 9, 0, 0x7ff0);

/** A call on segment 0 or 1. A registration is at the page's true PTE, or at another address. */
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(page, count, domid, seg).map(([p, c, d, s]) => frames(p, c, { domid: d, seg: s })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(page, fc.array(fc.nat(9), { maxLength: 3 }), domid, seg, fc.boolean())
      .map(([p, refs, d, s, writable]) => grants(p, refs, { domid: d, seg: s, writable })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(page, seg, fc.nat(9))
      .map(([p, s, wrong]) => register(p, wrong === 0 ? 0xdead000n : undefined, s)),
  },
  { weight: 3, arbitrary: fc.tuple(page, count, seg).map(([p, c, s]) => release(p, c, s)) },
  { weight: 1, arbitrary: fc.constant(dup()) },
  { weight: 1, arbitrary: fc.tuple(seg, fc.boolean()).map(([s, part]) => unmap(part ? 1 : PAGES, s)) },
);

interface Played {
  readonly call: Call;
  readonly answers: readonly number[];
}

const played: fc.Arbitrary<Played> = fc.record({
  call: fc.tuple(call, fc.nat(4)).map(([made, dice]) => (dice === 0 ? waiting(made) : made)),
  answers: fc.array(fc.constantFrom(0, 0, 0, -1), { maxLength: 4 }),
});

const script = fc.array(played, { minLength: 1, maxLength: 25 });

/** Whether the call makes sense: its segment is there, and a fork is the first. */
function possible({ segments }: Observation, { call: each }: Played): boolean {
  const segment = segments[each.seg];
  if (segment === undefined || segment === null || segment.stillborn) return false;
  return each.call !== "dup" || segments.length === 1;
}

/** What must hold of the corrected driver between calls; the first thing that does not. */
function wrongWith(state: Observation, { panic }: Outcome): string | null {
  if (panic !== null) return `panic: ${panic}`;
  if (state.heldLocks.length > 0) return "a lock is held";
  for (const [seg, table] of state.pageTables.entries()) {
    const wrong = wrongWithSegment(state.segments[seg] ?? null, table);
    if (wrong !== null) return `segment ${seg}: ${wrong}`;
  }
  const recorded = state.segments.flatMap((segment) => segment?.map.flatMap(grantOf) ?? []).sort();
  const live = state.grants.map(({ handle, pte_ma }) => `${handle}@${pte_ma}`).sort();
  return recorded.join() === live.join() ? null : `grants ${live.join()} live, ${recorded.join()} recorded`;
}

function wrongWithSegment(segment: SegmentState | null, { ptes, locks, callerLocks }: PageTable): string | null {
  const map = segment?.map ?? ptes.map((): PageRecord => ({ type: "empty" }));
  const held = map.filter(({ type }) => type === "mfn").length;
  if (locks !== held + callerLocks) return `${locks} locks`;
  if (segment === null && ptes.some(Boolean)) return "a translation is left";
  if (segment !== null && segment.softlockcnt !== held) return `softlockcnt ${segment.softlockcnt}`;
  const page = map.findIndex((record, index) => !isTrue(record, ptes[index] ?? null, segment?.domid ?? 0));
  return page < 0 ? null : `page ${page}: ${map[page]?.type}, but ${ptes[page]?.kind ?? "no PTE"}`;
}

function isTrue(record: PageRecord, pte: Pte | null, bound: number): boolean {
  switch (record.type) {
    case "empty":
      return pte === null || pte.kind === "throwaway";
    case "mfn":
      return pte?.kind === "foreign" && pte.mfn === record.mfn && pte.domid === bound;
    case "gref":
      return pte?.kind === "grant" && pte.handle === record.handle && pte.domid === bound && record.mapped;
  }
}

function grantOf(record: PageRecord): string[] {
  return record.type === "gref" ? [`${record.handle}@${record.pte_ma}`] : [];
}

for (const kernel of ["debug", "release"] as const) {
  const machine = { kernel, pages: PAGES, maxGrefs: MAX_GREFS };

  test(`${kernel}: the corrected driver keeps its records true, whatever is called and answered`, (t) => {
    fc.assert(
      fc.property(script, (steps) => {
        const driver = segmfDriver({ machine, errata: CORRECTED });
        driver.perform(create(), scripted([]));
        for (const step of steps) {
          if (!possible(driver.observe(), step)) continue;
          const outcome = driver.perform(step.call, scripted(step.answers));
          const wrong = wrongWith(driver.observe(), outcome);
          if (wrong !== null) throw new Error(`${step.call.call}: ${wrong}`);
        }
      }),
      RUNS,
    );
    t.pass();
  });

  test(`${kernel}: any set of errata makes a driver that runs, and runs the same from a snapshot`, (t) => {
    const some = fc.subarray(ERRATA.map(({ id }) => id));
    fc.assert(
      fc.property(some, script, (errata, steps) => {
        const driver = segmfDriver({ machine, errata: new Set(errata) });
        let panic = driver.perform(create(), scripted([])).panic;
        for (const step of steps) {
          if (panic !== null) break;
          if (!possible(driver.observe(), step)) continue;
          const before = driver.snapshot();
          const first = driver.perform(step.call, scripted(step.answers));
          const after = driver.key();
          driver.restore(before);
          t.deepEqual(driver.perform(step.call, scripted(step.answers)), first);
          t.is(driver.key(), after);
          panic = first.panic;
        }
        t.not(panic, PanicReason.driver);
      }),
      RUNS,
    );
  });
}
