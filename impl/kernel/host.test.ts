import test from "ava";
import type { AnswerSource, Call, Driver, KernelKind, Outcome } from "../driver.js";
import { allSuccess, scripted } from "./answers.js";
import { CallerError } from "./errors.js";
import { fakeDriver } from "./fakedriver.fixture.js";
import { hostDriver } from "./host.js";
import { Kernel } from "./kernel.js";
import type { DriverOps } from "./ops.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";

const PAGES = 3;
const WHOLE = PAGES * PAGE_SIZE;

const CREATE: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const FRAME: Call = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 0x100, domid: 7 };
const REGISTER: Call = { call: "add_gref_pte", seg: 0, page: 1, pte_ma: 0x9008n };
const GRANT: Call = { call: "add_grefs", seg: 0, page: 1, grefs: [6], writable: true, domid: 7 };
const RELEASE: Call = { call: "release_grefs", seg: 0, page: 1, count: 1 };
const FORK: Call = { call: "dup", seg: 0, into: 1 };
const UNMAP: Call = { call: "unmap", seg: 0, addr: 0, len: WHOLE };
const FAULT: Call = { call: "fault", seg: 0, page: 1, count: 2, type: "softlock", rw: "write" };

type Overrides = (kernel: Kernel) => Partial<DriverOps>;

function newDriver(overrides: Overrides = () => ({}), kind: KernelKind = "debug"): Driver {
  const kernel = new Kernel({ kernel: kind, pages: PAGES, maxGrefs: 16 });
  return hostDriver(kernel, fakeDriver(kernel, overrides(kernel)));
}

/** Performs calls in order; the outcome of the last. */
function run(driver: Driver, calls: readonly Call[], answers: AnswerSource = allSuccess): Outcome {
  let outcome: Outcome | undefined;
  for (const call of calls) outcome = driver.perform(call, answers);
  if (outcome === undefined) throw new Error("no call");
  return outcome;
}

/** A driver that notes the arguments of one of its functions. */
function noting<Op extends "add_mfns" | "add_gref_pte" | "add_grefs" | "release_grefs" | "unmap" | "fault" | "passive">(
  op: Op,
): { driver: Driver; seen: unknown[][] } {
  const seen: unknown[][] = [];
  const driver = newDriver(() => ({
    [op]: (...args: unknown[]) => {
      seen.push(args);
      return 0;
    },
  }));
  return { driver, seen };
}

test("the driver has its name and its machine", (t) => {
  const driver = newDriver();
  t.is(driver.name, "fake");
  t.deepEqual(driver.machine, { kernel: "debug", pages: PAGES, maxGrefs: 16 });
});

test("at first there is nothing", (t) => {
  t.deepEqual(newDriver().observe(), {
    segments: [],
    pageTables: [],
    grants: [],
    vnode: { holds: 0, mappedPages: 0 },
    memory: { blocks: 0 },
    waiting: [],
    heldLocks: [],
  });
});

test("create makes a live segment with a page table and address space", (t) => {
  const driver = newDriver();
  t.like(run(driver, [CREATE]), { ret: 0, panic: null });
  const empty = { type: "empty" } as const;
  t.deepEqual(driver.observe(), {
    segments: [
      {
        stillborn: false,
        prot: "rw",
        maxprot: "rwx",
        domid: 0,
        softlockcnt: 0,
        map: [empty, empty, empty],
        registered: [null, null, null],
      },
    ],
    pageTables: [{ ptes: [null, null, null], locks: 0, callerLocks: 0 }],
    grants: [],
    vnode: { holds: 1, mappedPages: PAGES },
    memory: { blocks: 2 },
    waiting: [false],
    heldLocks: [],
  });
});

test("a failed create leaves a stillborn segment, which may be freed and nothing else", (t) => {
  const driver = newDriver();
  t.is(run(driver, [CREATE], scripted([12])).ret, 12);
  t.like(driver.observe().segments, [{ stillborn: true }]);
  for (const call of [FRAME, FORK, UNMAP, FAULT]) {
    t.throws(() => driver.perform(call, allSuccess), { instanceOf: CallerError });
  }
  const outcome = run(driver, [{ call: "free", seg: 0 }]);
  t.is(outcome.ret, null);
  t.deepEqual(
    outcome.calls.map(({ fn }) => fn),
    ["kmem_free", "kmem_free", "mutex_destroy", "vn_rele"],
  );
  t.like(driver.observe(), { segments: [null], memory: { blocks: 0 }, vnode: { holds: 0 } });
});

test("a segment is live or stillborn at the moment of return, and none before", (t) => {
  const { moments } = run(newDriver(), [CREATE]);
  t.true(moments.slice(0, -1).every(({ segments }) => segments.length === 0));
  t.is(moments.at(-1)?.segments.length, 1);
});

test("dup makes a child in an address space of its own, with its parent's protections", (t) => {
  const driver = newDriver();
  run(driver, [{ ...CREATE, prot: "r", maxprot: "rw" }, FRAME]);
  t.is(run(driver, [FORK]).ret, 0);
  const { segments, pageTables, waiting } = driver.observe();
  t.like(segments[1], { stillborn: false, prot: "r", maxprot: "rw", domid: 7, registered: [null, null, null] });
  t.deepEqual(pageTables[1], { ptes: [null, null, null], locks: 0, callerLocks: 0 });
  t.deepEqual(waiting, [false, false]);
});

test("a failed dup leaves a stillborn child and a live parent", (t) => {
  const driver = newDriver();
  run(driver, [CREATE]);
  const outcome = run(driver, [FORK], scripted([12]));
  t.is(outcome.ret, 12);
  t.deepEqual(outcome.asked, [{ question: { kind: "addmap", seg: 1 }, answer: 12 }]);
  t.like(driver.observe().segments, [{ stillborn: false }, { stillborn: true }]);
});

test("during dup the hypercalls' segment is the parent", (t) => {
  const driver = newDriver((kernel) => ({
    dup: () => kernel.update_va_mapping_otherdomain(SEGMENT_BASE, 1n, true, 7),
  }));
  run(driver, [CREATE, FORK]);
  t.like(driver.observe().pageTables, [{ ptes: [{ kind: "foreign" }, null, null] }, { ptes: [null, null, null] }]);
});

test("pages become addresses, and what is foreign is said", (t) => {
  const at1 = SEGMENT_BASE + PAGE_SIZE;
  const cases: [Parameters<typeof noting>[0], Call, unknown[]][] = [
    ["add_mfns", { ...FRAME, page: 1, foreign: true }, [0, at1, 0x100n, 1, 7, true]],
    ["add_mfns", FRAME, [0, SEGMENT_BASE, 0x100n, 1, 7, false]],
    ["add_gref_pte", REGISTER, [0, at1, 0x9008n]],
    ["add_grefs", GRANT, [0, at1, true, [6], 7, false]],
    ["add_grefs", { ...GRANT, foreign: true }, [0, at1, true, [6], 7, true]],
    ["release_grefs", RELEASE, [0, at1, 1]],
    ["fault", FAULT, [0, at1, 2 * PAGE_SIZE, "softlock", "write"]],
    ["unmap", { call: "unmap", seg: 0, addr: 1, len: 5 }, [0, SEGMENT_BASE + 1, 5]],
    ["passive", { call: "sync", seg: 0, page: 1, count: 2 }, [{ call: "sync", seg: 0, page: 1, count: 2 }]],
  ];
  for (const [op, call, expected] of cases) {
    const { driver, seen } = noting(op);
    run(driver, [CREATE, call]);
    t.deepEqual(seen, [expected], call.call);
  }
});

test("what the driver returns is the outcome's; add_gref_pte returns nothing", (t) => {
  const driver = newDriver(() => ({ passive: () => "0x20000000000000", fault: () => 14 }));
  run(driver, [CREATE]);
  t.is(run(driver, [{ call: "getoffset", seg: 0, page: 0, count: 1 }]).ret, "0x20000000000000");
  t.is(run(driver, [FAULT]).ret, 14);
  t.is(run(driver, [REGISTER]).ret, null);
});

test("registering a page inside the segment is done by its caller first, and is no kernel call", (t) => {
  const driver = newDriver();
  run(driver, [CREATE]);
  t.deepEqual(run(driver, [REGISTER]).calls, []);
  const { segments, pageTables } = driver.observe();
  t.deepEqual(segments[0]?.registered, [null, 0x9008n, null]);
  t.deepEqual(pageTables[0], { ptes: [null, { kind: "throwaway" }, null], locks: 1, callerLocks: 1 });
});

test("a page outside the segment is the driver's affair alone", (t) => {
  const { driver, seen } = noting("add_gref_pte");
  run(driver, [CREATE, { ...REGISTER, page: PAGES }, { ...REGISTER, page: -1 }]);
  t.is(seen.length, 2);
  t.deepEqual(driver.observe().segments[0]?.registered, [null, null, null]);
  t.is(driver.observe().pageTables[0]?.locks, 0);
});

test("callers are told before the whole segment is unmapped, and nothing of it remains", (t) => {
  const driver = newDriver();
  run(driver, [CREATE, REGISTER]);
  const outcome = run(driver, [UNMAP]);
  t.is(outcome.ret, 0);
  t.deepEqual(
    outcome.calls.map(({ fn }) => fn),
    ["hat_unload", "vop_delmap", "seg_free", "kmem_free", "kmem_free", "mutex_destroy", "vn_rele"],
  );
  t.like(outcome.moments[0]?.segments[0], { ptes: [null, null, null] });
  t.deepEqual(driver.observe(), {
    segments: [null],
    pageTables: [{ ptes: [null, null, null], locks: 0, callerLocks: 0 }],
    grants: [],
    vnode: { holds: 0, mappedPages: 0 },
    memory: { blocks: 0 },
    waiting: [false],
    heldLocks: [],
  });
});

test("callers are not told before any other unmap", (t) => {
  for (const [addr, len] of [
    [0, WHOLE - PAGE_SIZE],
    [PAGE_SIZE, WHOLE],
    [0, WHOLE + 1],
    [1, WHOLE],
    [0, 0],
  ] as const) {
    const { driver } = noting("unmap");
    run(driver, [CREATE, REGISTER, { call: "unmap", seg: 0, addr, len }]);
    t.like(driver.observe().pageTables[0], { locks: 1, callerLocks: 1 });
  }
});

test("a driver that dropped the callers' lock panics the DEBUG kernel when they give it up", (t) => {
  const driver = newDriver((kernel) => ({
    fault: () => {
      kernel.hat_unlock(0, SEGMENT_BASE + PAGE_SIZE, PAGE_SIZE);
      return 14;
    },
  }));
  const outcome = run(driver, [CREATE, REGISTER, FAULT, UNMAP]);
  t.like(outcome, { ret: null, panic: "callers: no lock to drop" });
  t.deepEqual(outcome.calls, []);
});

test("somebody waits from the call on that says so, in that segment's address space", (t) => {
  const driver = newDriver((kernel) => ({ fault: (seg) => Number(kernel.as_isunmapwait(seg)) }));
  run(driver, [CREATE, FORK]);
  t.is(run(driver, [{ ...FAULT, waiting: true }]).ret, 1);
  t.is(run(driver, [FAULT]).ret, 1);
  t.is(run(driver, [{ ...FAULT, seg: 1 }]).ret, 0);
  t.deepEqual(driver.observe().waiting, [true, false]);
});

test("somebody may wait for the child alone", (t) => {
  const driver = newDriver();
  run(driver, [CREATE, FORK, { ...FAULT, seg: 1, waiting: true }]);
  t.deepEqual(driver.observe().waiting, [false, true]);
});

test("somebody may wait in the address space of a segment that is being created", (t) => {
  const driver = newDriver();
  run(driver, [{ ...CREATE, waiting: true }]);
  t.deepEqual(driver.observe().waiting, [true]);
});

test("dead memory is poisoned before every call", (t) => {
  let poisoned = 0;
  const driver = newDriver(() => ({
    poison: () => {
      poisoned++;
    },
  }));
  run(driver, [CREATE, FRAME, FAULT]);
  t.is(poisoned, 3);
});

test("unmapping grants may fail during release_grefs only", (t) => {
  const driver = newDriver((kernel) => ({ fault: () => kernel.unmap_grant_ref([]) }));
  run(driver, [CREATE, REGISTER, GRANT]);
  t.deepEqual(run(driver, [FAULT], scripted([-1])).asked, []);
  const outcome = run(driver, [RELEASE], scripted([-38]));
  t.is(outcome.ret, -1);
  t.is(driver.observe().grants.length, 1);
});

test("a panic is the outcome, the state stays as at that moment, and no further call is made", (t) => {
  const driver = newDriver();
  run(driver, [CREATE, FRAME]);
  const outcome = run(driver, [FRAME]);
  t.is(outcome.ret, null);
  t.is(outcome.panic, "hat_devload: a different frame over a valid PTE");
  t.is(outcome.calls.at(-1)?.fn, "hat_devload");
  t.is(driver.observe().pageTables[0]?.locks, 2);
  t.throws(() => driver.perform(FAULT, allSuccess), {
    instanceOf: CallerError,
    message: "fault: the kernel has panicked (hat_devload: a different frame over a valid PTE)",
  });
});

test("a panic while a segment is being made, or freed, shows what there is", (t) => {
  const early = newDriver((kernel) => ({ create: () => kernel.panic("early") }));
  t.is(run(early, [CREATE]).panic, "driver panic");
  t.deepEqual(early.observe().segments, [null]);

  const late = newDriver((kernel) => ({ fault: () => kernel.panic("late") }));
  run(late, [CREATE, FAULT]);
  t.like(late.observe().segments, [{ stillborn: false }]);

  const halfFreed = newDriver((kernel) => ({
    unmap: (seg) => {
      kernel.seg_free(seg);
      return kernel.panic("after");
    },
  }));
  run(halfFreed, [CREATE, UNMAP]);
  t.deepEqual(halfFreed.observe().segments, [null]);
});

test("an error that is not the kernel's is not swallowed", (t) => {
  const driver = newDriver(() => ({
    fault: () => {
      throw new RangeError("a mistake of ours");
    },
  }));
  run(driver, [CREATE]);
  t.throws(() => driver.perform(FAULT, allSuccess), { instanceOf: RangeError });
});

const MISTAKES: readonly [Call[], Call, string][] = [
  [[], FRAME, "add_mfns: segment 0 is not there, must be live"],
  [[], { ...CREATE, seg: 1 }, "create: the next segment is 0, not 1"],
  [[CREATE], CREATE, "create: the next segment is 1, not 0"],
  [[CREATE], { ...FORK, into: 0 }, "dup: the next segment is 1, not 0"],
  [[CREATE], { ...FORK, into: 2 }, "dup: the next segment is 1, not 2"],
  [[CREATE], { call: "free", seg: 0 }, "free: segment 0 is live, must be stillborn"],
  [[CREATE, UNMAP], FAULT, "fault: segment 0 is freed, must be live"],
  [[CREATE, UNMAP], { call: "free", seg: 0 }, "free: segment 0 is freed, must be stillborn"],
];
for (const [before, call, message] of MISTAKES) {
  test(`a mistake of ours: ${message}`, (t) => {
    const driver = newDriver();
    for (const earlier of before) driver.perform(earlier, allSuccess);
    const key = driver.key();
    t.throws(() => driver.perform(call, allSuccess), { instanceOf: CallerError, message });
    t.is(driver.key(), key);
  });
}

test("a snapshot is everything, restorable any number of times in any order", (t) => {
  const driver = newDriver();
  const steps = [CREATE, REGISTER, GRANT, FRAME, FORK, RELEASE, UNMAP];
  const snapshots = [driver.snapshot()];
  const observations = [driver.observe()];
  const outcomes: Outcome[] = [];
  for (const call of steps) {
    outcomes.push(driver.perform(call, allSuccess));
    snapshots.push(driver.snapshot());
    observations.push(driver.observe());
  }
  for (const i of [3, 0, 6, 6, 1, 5, 2, 4, 3]) {
    const [snapshot, call] = [snapshots[i], steps[i]];
    if (snapshot === undefined || call === undefined) throw new Error(`no step ${i}`);
    driver.restore(snapshot);
    t.deepEqual(driver.observe(), observations[i]);
    t.deepEqual(driver.perform(call, allSuccess), outcomes[i]);
    t.deepEqual(driver.observe(), observations[i + 1]);
  }
});

test("what a driver keeps outside the kernel's memory goes back too", (t) => {
  const driver = newDriver();
  run(driver, [CREATE, REGISTER]);
  const snapshot = driver.snapshot();
  const outcome = run(driver, [GRANT]);
  driver.restore(snapshot);
  run(driver, [{ ...REGISTER, pte_ma: 0x4444n }]);
  driver.restore(snapshot);
  t.deepEqual(run(driver, [GRANT]), outcome);
});

test("restoring goes back behind a panic", (t) => {
  const driver = newDriver();
  run(driver, [CREATE, FRAME]);
  const snapshot = driver.snapshot();
  run(driver, [FRAME]);
  driver.restore(snapshot);
  t.is(run(driver, [FAULT]).ret, 14);
});

test("an observation is a value: later calls leave it", (t) => {
  const driver = newDriver();
  run(driver, [CREATE]);
  const before = driver.observe();
  const copy = structuredClone(before);
  run(driver, [REGISTER, GRANT, FRAME, { ...FAULT, waiting: true }]);
  t.deepEqual(before, copy);
});

test("a snapshot of another driver is refused", (t) => {
  t.throws(() => newDriver().restore(newDriver().snapshot()), { instanceOf: CallerError });
});
