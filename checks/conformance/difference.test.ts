import test from "ava";
import type { Observation, Outcome } from "../../impl/driver.js";
import { difference } from "./difference.js";

const OUTCOME: Outcome = {
  ret: 0,
  panic: null,
  calls: [
    { fn: "kmem_alloc", bytes: 96, block: 1 },
    { fn: "update_va_mapping_otherdomain", seg: 0, page: 1, mfn: 0x100n, domid: 7, writable: true, rc: 0 },
  ],
  asked: [{ question: { kind: "update_va_mapping", seg: 0, page: 1 }, answer: 0 }],
  moments: [],
  touched: null,
};
const OBSERVED: Observation = {
  segments: [],
  pageTables: [],
  grants: [],
  vnode: { holds: 1, mappedPages: 2 },
  memory: { blocks: 2 },
  waiting: [false],
  heldLocks: [],
};
const LEFT = { outcome: OUTCOME, observed: OBSERVED };

function with_(outcome: Partial<Outcome>, observed: Partial<Observation> = {}) {
  return difference(LEFT, { outcome: { ...OUTCOME, ...outcome }, observed: { ...OBSERVED, ...observed } });
}

test("what is alike does not differ, in whatever order members stand", (t) => {
  t.is(difference(LEFT, LEFT), null);
  const [alloc, update] = OUTCOME.calls;
  if (!(alloc && update)) return t.fail();
  const { rc, ...rest } = update;
  t.is(with_({ calls: [alloc, { ...(rc === undefined ? {} : { rc }), ...rest, fn: update.fn }] }), null);
});

test("sizes of memory blocks are left out (D9), moments are no part of what drivers are compared by", (t) => {
  const [, update] = OUTCOME.calls;
  if (!update) return t.fail();
  t.is(with_({ calls: [{ fn: "kmem_alloc", bytes: 64, block: 1 }, update] }), null);
  t.is(with_({ moments: [{ at: 0, segments: [], held: [] }] }), null);
  t.is(with_({ calls: [{ fn: "kmem_alloc", bytes: 64, block: 2 }, update] })?.about, "kernel calls");
});

test("each thing that can differ is named, with both values", (t) => {
  t.deepEqual(with_({ ret: 14 }), { about: "return", left: "0", right: "14" });
  t.deepEqual(with_({ ret: null }), { about: "return", left: "0", right: "null" });
  t.deepEqual(with_({ panic: "assertion failed" }), { about: "panic", left: "null", right: '"assertion failed"' });
  t.deepEqual(with_({ asked: [] }), { about: "questions", left: '[["update_va_mapping",1,0]]', right: "[]" });
  const other = { question: { kind: "update_va_mapping", seg: 0, page: 1 }, answer: -22 } as const;
  t.is(with_({ asked: [other] })?.right, '[["update_va_mapping",1,-22]]');
  t.is(with_({ calls: [] })?.about, "kernel calls");
  t.true(with_({ calls: [] })?.left.includes('["mfn","0x100"]'));
  t.is(with_({ calls: OUTCOME.calls.toReversed() })?.about, "kernel calls", "their order counts");
  t.is(with_({}, { memory: { blocks: 3 } })?.about, "state");
});

test("of several differences the first is named: what the call gave before what it left", (t) => {
  const all = { ret: 14, panic: "assertion failed", asked: [], calls: [] };
  t.is(with_(all, { waiting: [true] })?.about, "return");
  t.is(with_({ ...all, ret: 0 }, { waiting: [true] })?.about, "panic");
  t.is(with_({ asked: [], calls: [] }, { waiting: [true] })?.about, "questions");
  t.is(with_({ calls: [] }, { waiting: [true] })?.about, "kernel calls");
});
