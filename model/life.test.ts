import test from "ava";
import type { Call } from "../impl/driver.js";
import { PASSIVE_OPS, passiveReturn } from "./passive.js";
import { panicked, quiescent } from "./projection.js";
import { grefs, mfns, Play, register, release, unmap } from "./testkit.js";

const create: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const free: Call = { call: "free", seg: 0 };
const dup: Call = { call: "dup", seg: 0, into: 1 };
const WHOLE = 3 * 4096;

test("create leaves a live segment: every page empty, no domid §3.create.live", (t) => {
  const spec = new Play();
  t.is(spec.ends(create, 0), "succeeded 0 | 0: - - -");
  t.like(spec.perform(register(0)).after.segments[0], { stillborn: false, prot: "rw", maxprot: "rwx" });
});

test("create gives the errno of VOP_ADDMAP and leaves a stillborn segment, that is freed and nothing else §3.create.stillborn §3.free", (t) => {
  const spec = new Play();
  t.is(spec.ends(create, 12), "failed 12 | 0: - - - stillborn");
  for (const call of [mfns(0, 1), release(0, 1), unmap(0, WHOLE), register(0), create]) {
    t.throws(() => spec.perform(call), { instanceOf: RangeError });
  }
  t.is(spec.ends(free), "succeeded null | gone");
  t.throws(() => spec.perform(free), { instanceOf: RangeError });
});

test("no call is possible on a segment that is not there yet, and none comes to be twice", (t) => {
  const spec = new Play({ forks: 1 });
  for (const call of [mfns(0, 1), unmap(0, WHOLE), free, dup, { ...create, seg: 1 }]) {
    t.throws(() => spec.perform(call), { instanceOf: RangeError });
  }
  spec.live();
  for (const call of [create, free, { ...create, seg: 1 }, { ...dup, into: 2 }]) {
    t.throws(() => spec.perform(call), { instanceOf: RangeError });
  }
  spec.perform(dup, 0);
  t.throws(() => spec.perform({ ...dup, into: 2 }), { instanceOf: RangeError }, "one fork, no more");
});

test("a chart for several creations takes them in turn", (t) => {
  const spec = new Play({ creates: 2 }).live();
  t.is(spec.ends({ ...create, seg: 1, prot: "r" }, 0), "succeeded 0 | 0: - - -");
  t.like(spec.perform(register(0)).after.segments[1], { prot: "r", maxprot: "rwx" });
});

test("dup gives the child protections and domid, and nothing that the parent holds §3.dup.child", (t) => {
  const spec = new Play({ forks: 1 }).live({ registered: [1] });
  spec.perform(mfns(0, 1), 0);
  spec.perform(grefs(1, 1), 0, 0);
  t.is(spec.ends(dup, 0), "succeeded 0 | 7: 100 6r* -");
  t.is(spec.picture(1), "7: - - -");
  t.is(spec.ends({ ...mfns(2, 1), seg: 1, domid: 9 }), "refused 22 | 7: - - -", "the child is bound as well");
});

test("dup of an unbound parent: parent and child are bound each by themselves", (t) => {
  const spec = new Play({ forks: 1 }).live();
  spec.perform(dup, 0);
  t.is(spec.ends({ ...mfns(2, 1), seg: 1, domid: 9 }, 0), "succeeded 0 | 9: - - 102");
  t.is(spec.ends(mfns(0, 1), 0), "succeeded 0 | 7: 100 - -");
  t.is(spec.picture(1), "9: - - 102");
});

test("dup gives the errno of VOP_ADDMAP and leaves a stillborn child with the parent's domid §3.dup.stillborn", (t) => {
  const spec = new Play({ forks: 1 }).live();
  spec.perform(mfns(0, 1), 0);
  const { verdict, ret } = spec.perform(dup, 11);
  t.deepEqual([verdict, ret, spec.picture(0), spec.picture(1)], ["failed", 11, "7: 100 - -", "7: - - - stillborn"]);
  t.is(spec.ends({ call: "free", seg: 1 }), "succeeded null | gone");
  t.is(spec.picture(0), "7: 100 - -");
});

test("unmap of the whole frees the segment and all that it held, and leaves its fork alone §3.unmap.whole", (t) => {
  const spec = new Play({ forks: 1 }).live({ registered: [1] });
  spec.perform(mfns(0, 1), 0);
  spec.perform(grefs(1, 1), 0, 0);
  spec.perform(dup, 0);
  t.is(spec.ends(unmap(0, WHOLE)), "succeeded 0 | gone");
  t.is(spec.picture(1), "7: - - -");
  t.deepEqual(spec.snapshot.context.segment0, null);
  t.throws(() => spec.perform(unmap(0, WHOLE)), { instanceOf: RangeError });
});

for (const [what, addr, len] of [
  ["a count of 0", 0, 0],
  ["a count of 0 at the end", WHOLE, 0],
  ["all but the last page", 0, WHOLE - 4096],
  ["all but the first page", 4096, WHOLE - 4096],
] as const) {
  test(`unmap of a part is refused: ${what} §3.unmap.part`, (t) => {
    const spec = new Play().live();
    spec.perform(mfns(0, 2), 0, 0);
    t.is(spec.ends(unmap(addr, len)), "refused 48 | 7: 100 101 -");
  });
}

for (const [what, addr, len] of [
  ["an address inside a page", 1, 0],
  ["a length inside a page", 0, WHOLE - 1],
  ["a page too many", 0, WHOLE + 4096],
  ["the page after the last", WHOLE, 4096],
  ["nothing, beyond the end", WHOLE + 4096, 0],
] as const) {
  test(`unmap of a bad range panics, and a panic is the end: ${what} §3.unmap.bad-range`, (t) => {
    const spec = new Play({ forks: 1 }).live();
    spec.perform(mfns(0, 2), 0, 0);
    const { verdict, ret, after } = spec.perform(unmap(addr, len, { waiting: true }));
    t.deepEqual([verdict, ret, after], ["panics", null, { segments: [] }]);
    t.true(panicked(spec.snapshot) && quiescent(spec.snapshot));
    for (const call of [create, dup, unmap(0, WHOLE)]) t.throws(() => spec.perform(call), { instanceOf: RangeError });
  });
}

test("fault fails with EFAULT, whatever is asked for, and changes nothing §3.fault", (t) => {
  const spec = new Play().live();
  spec.perform(mfns(0, 1), 0);
  for (const type of ["invalid", "prot", "softlock", "softunlock"] as const) {
    t.is(spec.ends({ call: "fault", seg: 0, page: 0, count: 1, type, rw: "write" }), "refused 14 | 7: 100 - -");
  }
});

test("the slots without effect answer from their arguments alone §2.passive", (t) => {
  const spec = new Play().live();
  const answers = PASSIVE_OPS.map((call) => [call, spec.perform({ call, seg: 0, page: 2, count: 3 }).ret]);
  t.deepEqual(Object.fromEntries(answers), {
    faulta: 0,
    setprot: 22,
    checkprot: 22,
    kluster: -1,
    sync: 0,
    incore: 12288,
    lockop: 0,
    getprot: 0,
    getoffset: 8192,
    gettype: 1,
    getvp: 0,
    advise: 0,
    dump: null,
    pagelock: 48,
    setpagesize: 48,
    getmemid: 0,
    getpolicy: null,
    capable: 0,
    inherit: 48,
  });
  t.is(spec.picture(), "0: - - -");
  t.is(passiveReturn({ call: "incore", seg: 0, page: 0, count: 0 }), 0);
});
