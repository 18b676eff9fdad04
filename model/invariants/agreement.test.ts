import test from "ava";
import type { LiveGrant, Observation } from "../../impl/driver.js";
import { disagreements } from "./agreement.js";
import {
  EMPTY,
  gref,
  mfn,
  observationOf,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
  withTable,
} from "./fixture.js";

const expected = state(segment([mfn(0x100), gref(5, true)]));
const seen = observationOf(expected);
/** The differences, one line each. */
const lines = (...compared: Parameters<typeof disagreements>) => disagreements(...compared).map(({ detail }) => detail);
const but = (observed: Observation) => lines(expected, observed);

test("a driver that is as specified disagrees in nothing", (t) => {
  for (const one of [
    state(),
    state(null),
    expected,
    state(segment([EMPTY, EMPTY], { domid: 0, stillborn: true, prot: "none" })),
    state(segment([mfn(0x100), EMPTY], { prot: "r" }), null, segment([gref(5), gref(5, true)], { domid: 9 })),
  ]) {
    t.deepEqual(lines(one, observationOf(one)), []);
  }
});

test("a throwaway PTE and none are the same on an EMPTY page", (t) => {
  const empty = state(segment([EMPTY, EMPTY], { registered: [true, false] }));
  t.deepEqual(lines(empty, withPte(observationOf(empty), 0, 0, null)), []);
  t.deepEqual(lines(empty, withPte(observationOf(empty), 0, 1, { kind: "throwaway" })), []);
});

test("handles are names that the specification doesn't know", (t) => {
  const [grant] = seen.grants;
  const record = { type: "gref", gref: 5, writable: true, mapped: true, handle: 8, pte_ma: 0x9008n } as const;
  const pte = { kind: "grant", gref: 5, handle: 8, domid: 7, writable: true } as const;
  const renamed = withPte(withRecord(seen, 0, 1, record), 0, 1, pte);
  t.truthy(grant);
  t.deepEqual(but({ ...renamed, grants: seen.grants.map((one) => ({ ...one, handle: 8 })) }), []);
});

test("a difference says of which part it is, and what must be there", (t) => {
  t.deepEqual(
    disagreements(expected, withSegment(seen, 0, { domid: 0 })).map(({ place, must }) => ({ place, must })),
    [{ place: { seg: 0, part: "domid" }, must: "7" }],
  );
  t.deepEqual(
    disagreements(expected, withRecord(seen, 0, 1, { type: "empty" })).map(({ place, must }) => ({ place, must })),
    [{ place: { seg: 0, page: 1, part: "map" }, must: "GREF 5 (writable, mapped)" }],
  );
});

test("a segment's own state", (t) => {
  t.deepEqual(but(withSegment(seen, 0, { domid: 0 })), ["segment 0: domid is 0, but must be 7"]);
  t.deepEqual(but(withSegment(seen, 0, { softlockcnt: 2 })), ["segment 0: softlockcnt is 2, but must be 1"]);
  t.deepEqual(but(withSegment(seen, 0, { stillborn: true })), ["segment 0: it is stillborn, but must be live"]);
  t.deepEqual(but(withSegment(seen, 0, { prot: "r", maxprot: "r" })), [
    "segment 0: prot is r, but must be rw",
    "segment 0: maxprot is r, but must be rwx",
  ]);
  t.deepEqual(but(withTable(seen, 0, { locks: 1 })), ["segment 0: the count of page-table locks is 1, but must be 2"]);
});

test("records", (t) => {
  t.deepEqual(but(withRecord(seen, 0, 0, { type: "empty" })), [
    "segment 0, page 0: EMPTY in the map, but must be MFN 0x100",
  ]);
  t.deepEqual(but(withRecord(seen, 0, 0, { type: "mfn", mfn: 0x101n })), [
    "segment 0, page 0: MFN 0x101 in the map, but must be MFN 0x100",
  ]);
  const record = { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: 0x9008n } as const;
  t.deepEqual(but(withRecord(seen, 0, 1, { ...record, mapped: false })), [
    "segment 0, page 1: GREF 5 (writable, not mapped) in the map, but must be GREF 5 (writable, mapped)",
  ]);
  t.deepEqual(but(withRecord(seen, 0, 1, { ...record, writable: false })), [
    "segment 0, page 1: GREF 5 (read-only, handle 1) in the map, but must be GREF 5 (writable, mapped)",
  ]);
  t.deepEqual(but(withRecord(seen, 0, 1, { ...record, gref: 6 })), [
    "segment 0, page 1: GREF 6 (writable, handle 1) in the map, but must be GREF 5 (writable, mapped)",
  ]);
});

test("PTEs", (t) => {
  t.deepEqual(but(withPte(seen, 0, 0, null)), [
    "segment 0, page 0: its PTE maps nothing, but must map frame 0x100 of domain 7, writable",
  ]);
  t.deepEqual(but(withPte(seen, 0, 0, { kind: "foreign", mfn: 0x100n, domid: 7, writable: false })), [
    "segment 0, page 0: its PTE maps frame 0x100 of domain 7, read-only, " +
      "but must map frame 0x100 of domain 7, writable",
  ]);
  const empty = state(segment([EMPTY, EMPTY]));
  const mapped = withPte(observationOf(empty), 0, 1, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true });
  t.deepEqual(lines(empty, mapped), [
    "segment 0, page 1: its PTE maps frame 0x100 of domain 7, writable, but must map nothing",
  ]);
});

test("PTEs of grants, whose handle must be that of the live one", (t) => {
  const pte = { kind: "grant", gref: 5, handle: 1, domid: 7, writable: true } as const;
  const must = "but must map a grant of ref 5 of domain 7, writable";
  const says = (what: string) => [`segment 0, page 1: its PTE maps ${what}, ${must}`];
  const of = (change: { readonly gref?: number; readonly handle?: number; readonly writable?: boolean }) =>
    but(withPte(seen, 0, 1, { ...pte, ...change }));
  t.deepEqual(of({ handle: 2 }), [
    "segment 0, page 1: grant 1 (ref 5 of domain 7) is mapped, but must not be",
    "hypervisor: of the grants that must be mapped, 0 of 1 are",
  ]);
  t.deepEqual(of({ gref: 6 }), says("grant 1 (ref 6 of domain 7), writable"));
  t.deepEqual(of({ writable: false }), says("grant 1 (ref 5 of domain 7), read-only"));
});

test("registrations", (t) => {
  t.deepEqual(but(withSegment(seen, 0, { registered: [0x9000n, null] })), [
    "segment 0, page 0: its PTE is registered, but must not be",
    "segment 0, page 1: its PTE is not registered, but must be",
  ]);
});

test("grants", (t) => {
  const [grant] = seen.grants;
  t.truthy(grant);
  if (grant === undefined) return;
  t.deepEqual(but({ ...seen, grants: [] }), ["hypervisor: of the grants that must be mapped, 0 of 1 are"]);
  const extra: LiveGrant = { ...grant, handle: 2 };
  t.deepEqual(but({ ...seen, grants: [grant, extra] }), [
    "segment 0, page 1: grant 2 (ref 5 of domain 7) is mapped, but must not be",
  ]);
  for (const other of [
    { ...grant, gref: 6 },
    { ...grant, domid: 9 },
    { ...grant, writable: false },
    { ...grant, page: 0 },
  ]) {
    t.is(but({ ...seen, grants: [other] }).length, 2);
  }
});

test("the vnode's counts and memory", (t) => {
  t.deepEqual(but({ ...seen, vnode: { holds: 2, mappedPages: 0 } }), [
    "vnode: the count of holds is 2, but must be 1",
    "vnode: the count of mapped pages is 0, but must be 2",
  ]);
  t.deepEqual(lines(state(null), { ...observationOf(state(null)), memory: { blocks: 1 } }), [
    "memory: the count of blocks is 1, but must be 0",
  ]);
  const two = state(segment([EMPTY, EMPTY]), segment([EMPTY, EMPTY]));
  t.deepEqual(lines(two, { ...observationOf(two), memory: { blocks: 3 } }), [
    "memory: 3 blocks can't be the same for each of 2 segments",
  ]);
});

test("segments that are there and must not be, and the reverse", (t) => {
  const both = observationOf(state(...expected.segments, segment([EMPTY, EMPTY], { domid: 0 })));
  t.deepEqual(but({ ...both, vnode: seen.vnode, memory: seen.memory }), ["segment 1: it has data, but must be gone"]);
  const none = { ...withSegment(seen, 0, null), grants: [] };
  t.deepEqual(but(none), [
    "segment 0: it is gone, but must have data",
    "hypervisor: of the grants that must be mapped, 0 of 1 are",
  ]);
});

test("what is left of a segment that must be gone", (t) => {
  const gone = observationOf(state(null));
  const left = withTable(withPte(gone, 0, 0, { kind: "throwaway" }), 0, { locks: 1 });
  t.deepEqual(lines(state(null), left), [
    "segment 0: the count of page-table locks is 1, but must be 0",
    "segment 0, page 0: its PTE maps the throwaway page, but the segment must be gone",
  ]);
});
