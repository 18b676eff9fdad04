import test from "ava";
import type { Call, Driver, LockName } from "../driver.js";
import { allSuccess } from "./answers.js";
import { fakeDriver } from "./fakedriver.fixture.js";
import { Footprint } from "./footprint.js";
import { hostDriver } from "./host.js";
import { Kernel } from "./kernel.js";
import { registerPte } from "./machineroom.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, outcomeOf, PAGES, panicOf } from "./testkit.js";
import { pteAddress } from "./xen.js";

test("what is touched is told in order, each segment once", (t) => {
  const footprint = new Footprint();
  footprint.begin();
  for (const seg of [3, 1, 3, 10]) footprint.touch(seg);
  t.deepEqual(footprint.end(), [1, 3, 10]);
  footprint.begin();
  t.deepEqual(footprint.end(), []);
});

test("what is nobody's, or lost, is null", (t) => {
  const footprint = new Footprint();
  for (const act of [() => footprint.lose(), () => footprint.touch(-1)]) {
    footprint.begin();
    footprint.touch(0);
    act();
    t.is(footprint.end(), null);
  }
});

test("nothing counts before it begins, after its end, or while an observer looks", (t) => {
  const footprint = new Footprint();
  footprint.touch(5);
  footprint.begin();
  const watching = footprint.pause();
  footprint.touch(6);
  footprint.lose();
  footprint.resume(watching);
  footprint.touch(7);
  t.deepEqual(footprint.end(), [7]);
  footprint.lose();
  footprint.begin();
  t.deepEqual(footprint.end(), []);
});

const WHOLE = PAGES * PAGE_SIZE;
const FREEMEM: LockName = { lock: "freemem_lock", seg: null };
const lockOf = (seg: number): LockName => ({ lock: "segment", seg });
const toMap = (seg: number) => {
  return { host_addr: pteAddress(seg, 0), domid: 7, gref: 5, writable: true, status: 0, handle: 0 };
};

/** What the driver does during a call on segment 0 where there are three, and whose state that touches. */
const services: readonly (readonly [
  what: string,
  act: (kernel: Kernel) => unknown,
  touched: readonly number[] | null,
])[] = [
  ["nothing", () => undefined, []],
  ["an assertion", (kernel) => kernel.assert(true), []],
  ["the vnode", (kernel) => [kernel.specfind(), kernel.vn_hold(), kernel.vn_rele()], []],
  ["freemem_lock", (kernel) => [kernel.mutex_enter(FREEMEM), kernel.owns(FREEMEM), kernel.mutex_exit(FREEMEM)], []],
  ["kmem_alloc", (kernel) => kernel.kmem_alloc(8), [0]],
  ["kmem_free", (kernel) => kernel.kmem_free(kernel.kmem_zalloc(8), 8), [0]],
  ["kmem_free of no block", (kernel) => kernel.kmem_free(99, 8), null],
  ["mutex_init", (kernel) => kernel.mutex_init(lockOf(1)), [1]],
  ["mutex_enter", (kernel) => kernel.mutex_enter(lockOf(2)), [2]],
  ["mutex_exit", (kernel) => kernel.mutex_exit(lockOf(2)), [2]],
  ["mutex_destroy", (kernel) => kernel.mutex_destroy(lockOf(2)), [2]],
  ["MUTEX_HELD", (kernel) => kernel.owns(lockOf(2)), [2]],
  ["a mutex that is nobody's", (kernel) => kernel.owns({ lock: "segment", seg: null }), null],
  ["a_contents", (kernel) => kernel.mutex_enter({ lock: "a_contents", seg: 1 }), [1]],
  ["vop_addmap", (kernel) => kernel.vop_addmap(1, SEGMENT_BASE, WHOLE, "r", "r"), [1]],
  ["vop_delmap", (kernel) => kernel.vop_delmap(1, SEGMENT_BASE, 0, "r", "r"), [1]],
  ["hat_map", (kernel) => kernel.hat_map(2, SEGMENT_BASE, WHOLE), [2]],
  ["hat_devload", (kernel) => kernel.hat_devload(2, SEGMENT_BASE, PAGE_SIZE, true), [2]],
  ["hat_unlock", (kernel) => kernel.hat_unlock(2, SEGMENT_BASE, PAGE_SIZE), [2]],
  ["hat_unload", (kernel) => kernel.hat_unload(2, SEGMENT_BASE, PAGE_SIZE, false), [2]],
  ["an address space that is none", (kernel) => kernel.hat_map(-1, SEGMENT_BASE, WHOLE), null],
  ["update_va_mapping", (kernel) => kernel.update_va_mapping_otherdomain(SEGMENT_BASE, 1n, true, 7), [0]],
  ["map_grant_ref", (kernel) => kernel.map_grant_ref([toMap(0)]), [0]],
  ["unmap_grant_ref", (kernel) => kernel.unmap_grant_ref([{ ...toMap(1), handle: 1 }]), [1]],
  ["unmap_grant_ref at another address", (kernel) => kernel.unmap_grant_ref([{ ...toMap(0), handle: 1 }]), [1]],
  ["unmap_grant_ref of no grant", (kernel) => kernel.unmap_grant_ref([{ ...toMap(0), handle: 9 }]), null],
  ["as_isunmapwait", (kernel) => kernel.as_isunmapwait(1), [1]],
  ["as_clrunmapwait", (kernel) => kernel.as_clrunmapwait(1), [1]],
  ["cv_broadcast", (kernel) => kernel.cv_broadcast(1), [1]],
  ["seg_free", (kernel) => kernel.seg_free(2), [2]],
  ["attach", (kernel) => kernel.attach(2, kernel.kmem_zalloc(8)), [0, 2]],
  ["attached", (kernel) => kernel.attached(2), [2]],
  ["two segments", (kernel) => [kernel.attached(2), kernel.attached(1)], [1, 2]],
];

/** A kernel with three segments, the lock of segment 2 initialised, and grant 1 in segment 1's first page. */
function scene(): Kernel {
  const kernel = kernelUnderCall({ segments: 3, kernel: "release", seg: 1 });
  for (const seg of [0, 1]) kernel.state = registerPte(kernel.state, seg, 0, pteAddress(seg, 0));
  const segments = kernel.state.segments.map((segment) => ({ ...segment, life: "live" as const }));
  kernel.state = { ...kernel.state, segments };
  kernel.map_grant_ref([toMap(1)]);
  kernel.mutex_init(lockOf(2));
  kernel.begin(0, false, allSuccess);
  return kernel;
}

for (const [what, act, touched] of services) {
  test(`whose state is touched by ${what}`, (t) => {
    const kernel = scene();
    panicOf(() => act(kernel));
    t.deepEqual(outcomeOf(kernel).touched, touched);
  });
}

test("memory belongs to whom it was allocated for, or attached to since", (t) => {
  const kernel = kernelUnderCall({ segments: 2 });
  const cells = kernel.cells<number>();
  // Segment 1 is being made, so that it is its memory although segment 0 is under call.
  const block = kernel.kmem_zalloc(8);
  t.is(kernel.state.kmem.blocks[0]?.owner, 1);
  kernel.attach(0, block);
  t.is(kernel.state.kmem.blocks[0]?.owner, 0);
  cells.fill(block, [1]);
  t.is(kernel.state.kmem.blocks[0]?.owner, 0);
  cells.write(block, 0, 2);
  t.is(kernel.state.kmem.blocks[0]?.owner, 0);
});

test("whoever gets at a block touches its owner", (t) => {
  const kernel = scene();
  const cells = kernel.cells<number>();
  const block = kernel.kmem_zalloc(8);
  kernel.attach(2, block);
  for (const [act, touched] of [
    [() => cells.fill(block, [1, 2]), [2]],
    [() => cells.read(block), [2]],
    [() => cells.write(block, 1, 3), [2]],
    [() => cells.write(block, 9, 3), [2]],
    [() => kernel.kmem_free(block, 8), [2]],
    [() => cells.read(block), null],
    [() => cells.fill(block, [1]), null],
  ] as const) {
    kernel.begin(0, false, allSuccess);
    panicOf(act);
    t.deepEqual(outcomeOf(kernel).touched, touched);
  }
});

const CREATE: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const FORK: Call = { call: "dup", seg: 0, into: 1 };
const fault = (seg: number, waiting = false): Call => {
  return { call: "fault", seg, page: 0, count: 1, type: "invalid", rw: "read", ...(waiting ? { waiting } : {}) };
};
const unmap = (seg: number, pages: number): Call => ({ call: "unmap", seg, addr: 0, len: pages * PAGE_SIZE });

function forked(overrides: (kernel: Kernel) => Partial<ReturnType<typeof fakeDriver>> = () => ({})): Driver {
  const kernel = new Kernel({ kernel: "debug", pages: 2, maxGrefs: 16 });
  const driver = hostDriver(kernel, fakeDriver(kernel, overrides(kernel)));
  driver.perform(CREATE, allSuccess);
  driver.perform(FORK, allSuccess);
  return driver;
}

test("what the kernel and the callers do around a call counts", (t) => {
  const touchedBy = (call: Call) => forked(() => ({ unmap: () => 0 })).perform(call, allSuccess).touched;
  t.deepEqual(touchedBy(fault(1)), []);
  t.deepEqual(touchedBy(fault(1, true)), [1]);
  t.deepEqual(touchedBy({ call: "dup", seg: 1, into: 2 }), [1, 2]);
  t.deepEqual(touchedBy(unmap(1, 1)), []);
  t.deepEqual(touchedBy(unmap(1, 2)), [1]);
});

test("what the recorder and observers look at does not count", (t) => {
  const driver = forked((kernel) => ({
    fault: () => {
      kernel.specfind();
      return 14;
    },
  }));
  const outcome = driver.perform(fault(0), allSuccess);
  t.is(outcome.moments[0]?.segments.length, 2);
  t.deepEqual(outcome.touched, []);
});

test("a driver that looks at another segment is seen to", (t) => {
  const driver = forked((kernel) => {
    const cells = kernel.cells<number>();
    return {
      fault: () => cells.read(kernel.state.segments[1]?.data ?? 0)?.[0] ?? 0,
    };
  });
  t.deepEqual(driver.perform(fault(0), allSuccess).touched, [1]);
});
