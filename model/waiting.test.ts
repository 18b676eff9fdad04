import test from "ava";
import type { Call } from "../impl/driver.js";
import { waiting } from "./projection.js";
import { grefs, mfns, Play, register, unmap } from "./testkit.js";

const WAITS = { waiting: true } as const;

test("any call may find that somebody waits, a refused one too", (t) => {
  const calls: readonly Call[] = [
    mfns(0, 0, WAITS),
    mfns(0, 1, { domid: 0, ...WAITS }),
    unmap(0, 0, WAITS),
    { ...register(0), ...WAITS },
    { call: "getprot", seg: 0, page: 0, count: 1, ...WAITS },
  ];
  for (const call of calls) {
    const spec = new Play().live();
    spec.perform(call);
    t.true(waiting(spec.snapshot, 0), call.call);
  }
  const created = new Play();
  created.perform({ call: "create", seg: 0, prot: "rw", maxprot: "rwx", ...WAITS }, 0);
  t.true(waiting(created.snapshot, 0));
});

test("they wait until softlockcnt falls to 0 §3.wake", (t) => {
  const spec = new Play().live({ registered: [0, 1] });
  t.is(spec.ends(mfns(0, 2, WAITS), 0, 0), "succeeded 0 | 7: 100* 101* - waits");
  t.is(spec.ends(grefs(0, 1), 0, 0), "succeeded 0 | 7: 5r* 101* - waits", "one is left");
  t.is(spec.ends(grefs(1, 1), 0, 0), "succeeded 0 | 7: 5r* 6r* -");
});

test("a fall counts also where the call fails, and where softlockcnt rises again §3.wake", (t) => {
  const spec = new Play().live({ registered: [0] });
  spec.perform(mfns(0, 1), 0);
  t.is(spec.ends(mfns(0, 2, WAITS), 0, 0), "succeeded 0 | 7: 100* 101 -", "torn down, then locked again");
  t.is(spec.ends(mfns(1, 1, WAITS), -1), "failed 14 | 7: 100* - - waits");
  t.is(spec.ends(grefs(0, 1), -1), "failed 14 | 7: -* - -");
});

test("a refused first page gives back a soft lock, and so does a later one", (t) => {
  const first = new Play().live();
  t.is(first.ends(mfns(0, 2, WAITS), -1), "failed 14 | 7: - - -");
  const second = new Play().live();
  t.is(second.ends(mfns(0, 2, WAITS), 0, -1), "failed 14 | 7: - - -");
});

test("a rollback wakes nobody while another page is soft-locked", (t) => {
  const spec = new Play().live();
  spec.perform(mfns(2, 1), 0);
  t.is(spec.ends(mfns(0, 2, WAITS), 0, -1), "failed 14 | 7: - - 102 waits");
  t.is(spec.ends(mfns(2, 1, { mfn: 0x200 }), 0), "succeeded 0 | 7: - - 200");
});

test("where there are no soft locks, a teardown and a release wake nobody", (t) => {
  const spec = new Play().live({ registered: [0] });
  spec.perform(grefs(0, 1), 0, 0);
  t.is(spec.ends(grefs(0, 1, WAITS), 0, 0), "succeeded 0 | 7: 5r* - - waits");
  t.is(spec.ends({ call: "release_grefs", seg: 0, page: 0, count: 1 }, 0, 0), "succeeded 0 | 7: -* - - waits");
});

test("the end of a segment leaves nobody waiting, also who began just before", (t) => {
  const spec = new Play().live();
  spec.perform(mfns(0, 1), 0);
  spec.perform(unmap(0, 3 * 4096, WAITS));
  t.false(waiting(spec.snapshot, 0));
});

test("parent and child have waiters of their own", (t) => {
  const spec = new Play({ forks: 1 }).live();
  spec.perform(mfns(0, 1), 0);
  spec.perform({ call: "dup", seg: 0, into: 1, ...WAITS }, 0);
  t.deepEqual([waiting(spec.snapshot, 0), waiting(spec.snapshot, 1)], [true, false]);
  spec.perform({ ...mfns(0, 1), seg: 1 }, -1);
  t.true(waiting(spec.snapshot, 0), "the child's fall is not the parent's");
});
