import test from "ava";
import type { PassiveCall, PassiveOp, Prot, Returned } from "../driver.js";
import { Kernel } from "../kernel/kernel.js";
import { addSegment } from "../kernel/machineroom.js";
import { SEGMENT_BASE } from "../kernel/services.js";
import { deviations } from "./deviations.js";
import { CORRECTED, ILLUMOS } from "./edition.js";
import { create as createSegment } from "./lifecycle.js";
import { DEVICE_VNODE, getmemid, getprot, getvp, incore, type MemoryId, type VnodePointer } from "./passive.js";
import { Segment, shared } from "./segment.js";
import { create, frames, grants, register, Stage } from "./testkit.js";

/** For pages 1 to 2. */
const RETURNS: Readonly<Record<PassiveOp, Returned>> = {
  faulta: 0,
  setprot: 22,
  checkprot: 22,
  kluster: -1,
  sync: 0,
  incore: 8192,
  lockop: 0,
  getprot: 0,
  getoffset: 4096,
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
};

for (const errata of [CORRECTED, ILLUMOS]) {
  const stage = new Stage({ errata, pages: 3 });
  stage.play([create()], [register(0)], [frames(1, 1)], [grants(0, [5])]);

  for (const [op, returns] of Object.entries(RETURNS)) {
    test(`${stage.driver.name}: ${op} gives ${returns} and changes nothing §2.passive`, (t) => {
      const before = stage.driver.observe();
      const call = { call: op as PassiveOp, seg: 0, page: 1, count: 2 } satisfies PassiveCall;
      const { ret, panic, calls, asked } = stage.do(call);
      t.deepEqual({ ret, panic, calls, asked }, { ret: returns, panic: null, calls: [], asked: [] });
      t.deepEqual(stage.driver.observe(), before);
    });
  }

  test(`${stage.driver.name}: a fault always fails §3.fault`, (t) => {
    const before = stage.driver.observe();
    for (const type of ["invalid", "prot", "softlock", "softunlock"] as const) {
      for (const rw of ["read", "write", "exec", "other"] as const) {
        const { ret, panic, calls } = stage.do({ call: "fault", seg: 0, page: 0, count: 3, type, rw });
        t.deepEqual({ ret, panic, calls }, { ret: 14, panic: null, calls: [] });
      }
    }
    t.deepEqual(stage.driver.observe(), before);
  });
}

test("offsets and sizes past the end are worked out all the same", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.do(create());
  t.is(stage.do({ call: "getoffset", seg: 0, page: 65_535, count: 0 }).ret, 65_535 * 4096);
  t.is(stage.do({ call: "incore", seg: 0, page: 0, count: 65_535 }).ret, 65_535 * 4096);
});

/** A segment of 2 pages, without a host around it. */
function segment(prot: Prot): Segment {
  const kernel = new Kernel({ kernel: "debug", pages: 2, maxGrefs: 16 });
  kernel.state = addSegment(kernel.state, 2, prot, "rwx");
  const made = new Segment(shared(kernel, 2, deviations(CORRECTED, new Set())), 0);
  createSegment(made, prot, "rwx");
  return made;
}

test("what slots write through pointers", (t) => {
  const made = segment("rx");
  const vec: number[] = [];
  incore(made, SEGMENT_BASE, 4097, vec);
  t.deepEqual(vec, [1, 1]);
  const protv: Prot[] = [];
  getprot(made, SEGMENT_BASE, 4096, protv);
  t.deepEqual(protv, ["rx", "rx"], "the page of the end address is included");
  const vpp: VnodePointer = { vp: null };
  getvp(made, SEGMENT_BASE, vpp);
  t.is(vpp.vp, DEVICE_VNODE);
  const memid: MemoryId = { val: null };
  getmemid(made, SEGMENT_BASE + 4096, memid);
  t.deepEqual(memid.val, [DEVICE_VNODE, 1]);
});
