import test from "ava";
import type { Call } from "../driver.js";
import { DOMID_SELF, EACCES, EFAULT, EINVAL } from "../kernel/services.js";
import type { Step } from "./testkit.js";
import { create, frames, grants, register, Stage } from "./testkit.js";

/** A segment of 4 pages, page 0 registered; with `prot` none nothing can be in it, else page 3 holds a frame of domain 7. */
function stage(prot: "rw" | "none", kernel: "debug" | "release"): Stage {
  const made = new Stage({ kernel, maxGrefs: 2 });
  made.play([create(prot)], [register(0)]);
  if (prot === "rw") made.play([frames(3, 1)]);
  return made;
}

interface Refused {
  readonly title: string;
  readonly prot?: "none";
  readonly call: Call;
  readonly errno: number;
}

// Each call is wrong in the way that its title says, and in every later way that it can be as well.
const REFUSED: readonly Refused[] = [
  {
    title: "add_mfns: a segment of another driver",
    prot: "none",
    call: { ...frames(5, 0, { domid: 0 }), foreign: true } as Call,
    errno: EINVAL,
  },
  { title: "add_mfns: domid 0", prot: "none", call: frames(5, 1, { domid: 0 }), errno: EACCES },
  { title: "add_mfns: DOMID_SELF", prot: "none", call: frames(5, 1, { domid: DOMID_SELF }), errno: EACCES },
  { title: "add_mfns: protections none", prot: "none", call: frames(5, 1), errno: EACCES },
  { title: "add_mfns: protections none, count 0", prot: "none", call: frames(0, 0), errno: EACCES },
  { title: "add_mfns: past the end", call: frames(3, 2, { domid: 9 }), errno: EINVAL },
  { title: "add_mfns: nothing, past the end", call: frames(5, 0), errno: EINVAL },
  { title: "add_mfns: nothing, at the end, for another domid", call: frames(4, 0, { domid: 9 }), errno: 0 },
  { title: "add_mfns: bound to another domid", call: frames(0, 1, { domid: 9 }), errno: EINVAL },
  {
    title: "add_grefs: a segment of another driver",
    prot: "none",
    call: { ...grants(5, [1, 2, 3], { domid: 0 }), foreign: true } as Call,
    errno: EINVAL,
  },
  { title: "add_grefs: domid 0", prot: "none", call: grants(5, [1, 2, 3], { domid: 0 }), errno: EACCES },
  { title: "add_grefs: DOMID_SELF", prot: "none", call: grants(5, [1, 2, 3], { domid: DOMID_SELF }), errno: EACCES },
  { title: "add_grefs: protections none", prot: "none", call: grants(5, [1, 2, 3]), errno: EACCES },
  { title: "add_grefs: past the end", call: grants(2, [1, 2, 3], { domid: 9 }), errno: EINVAL },
  { title: "add_grefs: too many", call: grants(0, [1, 2, 3], { domid: 9 }), errno: EFAULT },
  { title: "add_grefs: one page not registered", call: grants(0, [1, 2], { domid: 7 }), errno: EINVAL },
  { title: "add_grefs: nothing, past the end", call: grants(5, []), errno: EINVAL },
  { title: "add_grefs: nothing, at the end, for another domid", call: grants(4, [], { domid: 9 }), errno: 0 },
  { title: "add_grefs: bound to another domid", call: grants(0, [1], { domid: 9 }), errno: EINVAL },
];

for (const kernel of ["debug", "release"] as const) {
  for (const { title, prot, call, errno } of REFUSED) {
    test(`${kernel}: ${title} §3.adds.refusals`, (t) => {
      const made = stage(prot ?? "rw", kernel);
      const before = made.driver.observe();
      const key = made.driver.key();
      const { ret, panic, calls, asked } = made.do(call);
      t.deepEqual({ ret, panic, asked }, { ret: errno, panic: null, asked: [] });
      t.deepEqual(made.driver.observe(), before);
      t.is(made.driver.key(), key);
      t.true(calls.every(({ fn, lock }) => /^mutex_(enter|exit)$/.test(fn) && lock === "segment"));
    });
  }
}

test("an add that nothing is wrong with is not refused", (t) => {
  const steps: readonly Step[] = [[frames(0, 3)], [frames(3, 1)], [grants(0, [1])]];
  const made = stage("rw", "debug");
  for (const step of steps) t.is(made.play(step).ret, 0);
});

test("the first add binds, a refused one does not §3.adds.binding", (t) => {
  const made = new Stage();
  made.play([create()], [frames(4, 1, { domid: 9 })], [frames(0, 0, { domid: 9 })], [grants(0, [1], { domid: 9 })]);
  t.is(made.text(), "0 0 | . . . . | . . . . | 0");
  t.is(made.do(frames(0, 1, { domid: 8 })).ret, 0);
  t.is(made.do(frames(0, 1, { domid: 7 })).ret, EINVAL);
  t.is(made.text(), "8 1 | m100 . . . | f100.8w . . . | 1");
});

test("an add that the hypervisor refuses binds too §3.adds.binding", (t) => {
  const made = new Stage();
  made.play([create()], [frames(0, 1, { domid: 9 }), -22]);
  t.is(made.do(frames(0, 1, { domid: 7 })).ret, EINVAL);
  t.is(made.text(), "9 0 | . . . . | . . . . | 0");
});
