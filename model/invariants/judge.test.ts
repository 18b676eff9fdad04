import test from "ava";
import fc from "fast-check";
import type { Call, Observation, PageRecord, Pte } from "../../impl/driver.js";
import type { ExpectedPage, ExpectedState, Verdict } from "../expectation.js";
import {
  EMPTY,
  FREEMEM_LOCK,
  gref,
  judged,
  MACHINE,
  mfn,
  observationOf,
  resting,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
  withTable,
} from "./fixture.js";
import { applies, judge } from "./judge.js";
import { INVARIANTS } from "./list.js";
import { specification } from "./specification.js";

const rest = state(segment([mfn(0x100), gref(5)]));
const seen = observationOf(rest);
const release: Call = { call: "release_grefs", seg: 0, page: 0, count: 1 };
const says = (verdict: Verdict, ret: number | null = 0) => ({ verdict, ret, after: rest });
const ids = (of: Parameters<typeof judge>[0]) => judge(of).map(({ invariant }) => invariant);

test("where all holds nothing is allocated", (t) => {
  t.deepEqual(judge(resting(seen, rest)), []);
  t.is(judge(resting(seen, rest)), judge(resting(seen)));
});

test("breaches come in the order of the contract, with their details", (t) => {
  const after = withSegment(withRecord(seen, 0, 0, { type: "empty" }), 0, { domid: 9 });
  t.deepEqual(judge(judged({ call: release, before: seen, after, expectation: says("refused", -1), ret: 0 })), [
    { invariant: "result-exact", detail: "release_grefs of segment 0 returned 0, but must return -1" },
    { invariant: "refusal-is-pure", detail: "segment 0: domid went from 7 to 9" },
    { invariant: "refusal-is-pure", detail: "segment 0, page 0: MFN 0x100 in the map became EMPTY" },
    { invariant: "softlock-exact", detail: "segment 0: softlockcnt is 1, but it has 0 MFN pages" },
    { invariant: "domid-once", detail: "segment 0: it was bound to domain 7, and is bound to domain 9" },
    {
      invariant: "map-is-truth",
      detail: "segment 0, page 0: EMPTY in the map, but its PTE maps frame 0x100 of domain 7",
    },
    {
      invariant: "lock-balance",
      detail: "segment 0: its page table has 2 locks, but there are 0 MFN pages and 1 lock of callers",
    },
    {
      invariant: "one-domain",
      detail: "segment 0, page 0: its PTE maps frame 0x100 of domain 7, but the segment is bound to domain 9",
    },
    {
      invariant: "one-domain",
      detail: "segment 0, page 1: its PTE maps grant 1 (ref 5 of domain 7), but the segment is bound to domain 9",
    },
    { invariant: "lock-discipline", detail: "segment 0: its map changed without its lock" },
  ]);
});

test("without a reference only invariants on state are judged", (t) => {
  const after = withSegment(seen, 0, { softlockcnt: -1 });
  const told = judged({ call: { ...release, waiting: true }, before: seen, after, expectation: null, ret: 99 });
  t.deepEqual(ids(told), ["softlock-nonnegative", "softlock-exact", "lock-discipline"]);
  t.deepEqual(ids({ ...told, expectation: says("refused", 99) }), [
    "refusal-is-pure",
    "softlock-nonnegative",
    "softlock-exact",
    "lock-discipline",
    "wake",
  ]);
});

test("after a panic the state is not at rest, so only what holds at every moment is judged", (t) => {
  const after = withRecord(withSegment(seen, 0, { softlockcnt: -1 }), 0, 1, { type: "empty" });
  const panic = "assertion failed";
  const told = judged({ call: release, before: seen, after, expectation: says("succeeded"), ret: null, panic });
  t.deepEqual(ids(told), ["softlock-nonnegative", "lock-discipline", "lock-discipline", "kernel-contract"]);
});

test("the panic that section 3 prescribes", (t) => {
  const call: Call = { call: "unmap", seg: 0, addr: 1, len: 1 };
  const expectation = says("panics", null);
  t.deepEqual(judge(judged({ call, before: seen, expectation, panic: "driver panic" })), []);
  const nothing = { verdict: "panics", ret: null, after: state() } as const;
  t.deepEqual(ids(judged({ call, before: seen, expectation: nothing, ret: 0 })), ["result-exact"]);
});

test("specification speaks where the state is wrong and nobody else says so", (t) => {
  const still = observationOf(state(segment([EMPTY, EMPTY])));
  const bound: ExpectedState = state(segment([EMPTY, EMPTY], { domid: 0 }));
  const told = judged({ call: release, before: still, expectation: { ...says("succeeded"), after: bound } });
  t.deepEqual(judge(told), [{ invariant: "specification", detail: "segment 0: domid is 7, but must be 0" }]);
  const also = judged({ call: release, before: still, expectation: { ...says("succeeded"), after: bound }, ret: -1 });
  t.deepEqual(ids(also), ["result-exact", "specification"]);
});

test("specification is silent where an invariant of the state speaks", (t) => {
  const wrong = withSegment(seen, 0, { softlockcnt: 0 });
  t.deepEqual(ids(resting(wrong, rest)), ["softlock-exact"]);
});

test("specification also hears of memory that a call keeps", (t) => {
  const after = { ...seen, memory: { blocks: 3 } };
  t.deepEqual(judge(judged({ call: release, before: seen, after, expectation: says("succeeded") })), [
    { invariant: "specification", detail: "memory: 2 blocks for 1 segments became 3 for 1" },
  ]);
});

test("specification leaves the memory of a segment that ends to no-residue", (t) => {
  const two = state(segment([EMPTY, EMPTY]), segment([EMPTY, EMPTY]));
  const one = state(segment([EMPTY, EMPTY]), null);
  const call: Call = { call: "unmap", seg: 1, addr: 0, len: 0x2000 };
  const after = { ...observationOf(one), memory: { blocks: 3 } };
  const told = judged({
    call,
    before: observationOf(two),
    after,
    expectation: { verdict: "succeeded", ret: 0, after: one },
  });
  t.deepEqual(specification.breaches(told), []);
  t.deepEqual(ids(told), ["no-residue"]);
});

test("what applies when", (t) => {
  const scopes = (of: Parameters<typeof judge>[0]) =>
    new Set(INVARIANTS.filter((one) => applies(one, of)).map(({ scope }) => scope));
  t.deepEqual(scopes(resting(seen, rest)), new Set(["call", "hypercall", "quiescent"]));
  t.deepEqual(scopes(resting(seen)), new Set(["hypercall", "quiescent"]));
  t.deepEqual(
    scopes(judged({ call: release, before: seen, expectation: says("failed"), panic: "x" })),
    new Set(["hypercall"]),
  );
  t.true(applies(specification, resting(seen, rest)));
  t.false(applies(specification, resting(seen)));
});

const anyPage: fc.Arbitrary<ExpectedPage> = fc.oneof(
  fc.constant(EMPTY),
  fc.integer({ min: 1, max: 0x1000 }).map(mfn),
  fc.tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.boolean()).map(([ref, writable]) => gref(ref, writable)),
);

const anySegment = fc
  .record({
    pages: fc.array(anyPage, { minLength: MACHINE.pages, maxLength: MACHINE.pages }),
    more: fc.array(fc.boolean(), { minLength: MACHINE.pages, maxLength: MACHINE.pages }),
    prot: fc.constantFrom("r", "rw", "rx", "rwx", "w"),
    domid: fc.integer({ min: 1, max: 0x7fef }),
  })
  .map(({ pages, more, prot, domid }) =>
    segment(pages, { prot, domid, registered: pages.map(({ type }, page) => type === "gref" || more[page] === true) }),
  );
const anyUnused = fc.constantFrom(
  null,
  segment([EMPTY, EMPTY], { domid: 0 }),
  segment([EMPTY, EMPTY], { domid: 0, stillborn: true, prot: "none" }),
);
const anyState: fc.Arbitrary<ExpectedState> = fc
  .array(fc.oneof({ weight: 3, arbitrary: anySegment }, { weight: 1, arbitrary: anyUnused }), { maxLength: 3 })
  .map((segments) => ({ segments }));

test("a driver that is as the specification says breaks nothing", (t) => {
  fc.assert(
    fc.property(anyState, (expected) => {
      t.deepEqual(judge(resting(observationOf(expected), expected)), []);
      t.deepEqual(judge(resting(structuredClone(observationOf(expected)))), []);
    }),
  );
  t.pass();
});

const RECORDS: readonly PageRecord[] = [
  { type: "empty" },
  { type: "mfn", mfn: 0x2000n },
  { type: "gref", gref: 1, writable: false, mapped: true, handle: 99, pte_ma: 0x1n },
  { type: "gref", gref: 1, writable: true, mapped: false, handle: 0, pte_ma: 0x1n },
];
const PTES: readonly (Pte | null)[] = [
  null,
  { kind: "foreign", mfn: 0x2000n, domid: 0x7fef, writable: false },
  { kind: "grant", gref: 1, handle: 99, domid: 0x7fef, writable: true },
];

const ANOTHER_GRANT = { handle: 99, gref: 1, domid: 0x7fef, writable: false, pte_ma: 0x1n, page: 0 };

function falsifiedPages(of: Observation, seg: number): readonly Observation[] {
  return Array.from({ length: MACHINE.pages }, (_, page) => {
    const record = of.segments[seg]?.map[page];
    const pte = of.pageTables[seg]?.ptes[page] ?? null;
    // An EMPTY page, and a throwaway PTE or none, are as they are in one way only.
    const records = RECORDS.filter(({ type }) => record !== undefined && (type !== "empty" || record.type !== "empty"));
    const ptes = PTES.filter((other) => other !== null || (pte !== null && pte.kind !== "throwaway"));
    return [
      ...records.map((other) => withRecord(of, seg, page, other)),
      ...ptes.map((other) => withPte(of, seg, page, other)),
    ];
  }).flat();
}

function falsifiedSegment(of: Observation, seg: number): readonly Observation[] {
  const was = of.segments[seg];
  if (!was) return [];
  return [
    withSegment(of, seg, null),
    withSegment(of, seg, { domid: was.domid + 1 }),
    withSegment(of, seg, { softlockcnt: was.softlockcnt - 1 }),
    withSegment(of, seg, { stillborn: !was.stillborn }),
    withSegment(of, seg, { prot: "x" }),
    withSegment(of, seg, { registered: was.registered.map((at) => (at === null ? 1n : null)) }),
  ];
}

/** Ways in which an observation can be falsified in one place. */
function falsified(of: Observation): readonly Observation[] {
  return [
    { ...of, vnode: { ...of.vnode, holds: of.vnode.holds + 1 } },
    { ...of, vnode: { ...of.vnode, mappedPages: of.vnode.mappedPages - 1 } },
    { ...of, memory: { blocks: of.memory.blocks + 1 } },
    { ...of, heldLocks: [FREEMEM_LOCK] },
    ...of.grants.map((_, index) => ({ ...of, grants: of.grants.toSpliced(index, 1) })),
    ...of.pageTables.flatMap(({ locks }, seg) => [
      withTable(of, seg, { locks: locks + 1 }),
      { ...of, grants: [...of.grants, { ...ANOTHER_GRANT, seg }] },
      ...falsifiedPages(of, seg),
      ...falsifiedSegment(of, seg),
    ]),
  ];
}

test("a driver that is wrong in one place is found out", (t) => {
  fc.assert(
    fc.property(anyState, (expected) => {
      const right = observationOf(expected);
      const call: Call = { call: "getprot", seg: 0, page: 0, count: 1 };
      for (const after of falsified(right)) {
        const told = judged({
          call,
          before: right,
          after,
          expectation: { verdict: "succeeded", ret: 0, after: expected },
        });
        if (judge(told).length === 0) t.deepEqual(after, right);
      }
    }),
    { numRuns: 60 },
  );
  t.pass();
});
