import { isDeepStrictEqual } from "node:util";
import test from "ava";
import fc from "fast-check";
import type { Call, Driver, Observation } from "../driver.js";
import { scripted } from "./answers.js";
import { CallerError } from "./errors.js";
import { fakeDriver } from "./fakedriver.fixture.js";
import { hostDriver } from "./host.js";
import { Kernel } from "./kernel.js";
import type { DriverOps } from "./ops.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";

const PAGES = 2;

/** A call with the answers to the questions that it will ask, in order. */
interface Step {
  readonly call: Call;
  readonly answers: readonly number[];
}

interface Used {
  /** As if so many handles had been given out before. */
  readonly handles?: number;
  /** As if so many blocks had been allocated and freed before. */
  readonly blocks?: number;
}

function newDriver(used: Used = {}, overrides: (kernel: Kernel) => Partial<DriverOps> = () => ({})): Driver {
  const kernel = new Kernel({ kernel: "release", pages: PAGES, maxGrefs: 16 });
  const { state } = kernel;
  kernel.state = {
    ...state,
    xen: { ...state.xen, nextHandle: state.xen.nextHandle + (used.handles ?? 0) },
    kmem: { ...state.kmem, nextBlock: state.kmem.nextBlock + (used.blocks ?? 0) },
  };
  return hostDriver(kernel, fakeDriver(kernel, overrides(kernel)));
}

/** Performs the steps that make sense where they stand: none once the kernel has panicked. */
function run(driver: Driver, steps: readonly Step[]): Driver {
  for (const { call, answers } of steps) {
    try {
      driver.perform(call, scripted(answers));
    } catch (error) {
      if (!(error instanceof CallerError)) throw error;
    }
  }
  return driver;
}

const CREATE: Step = { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: [] };
const FORK: Step = { call: { call: "dup", seg: 0, into: 1 }, answers: [] };
const plain = (call: Call): Step => ({ call, answers: [] });
const register = (page: number, seg = 0, pte_ma = 0x9000n + BigInt(0x1000 * seg + 8 * page)): Step =>
  plain({ call: "add_gref_pte", seg, page, pte_ma });
const grant = (page: number, gref = 5 + page, seg = 0): Step =>
  plain({ call: "add_grefs", seg, page, grefs: [gref], writable: true, domid: 7 });
const frame = (page: number, mfn = 0x100 + page, seg = 0): Step =>
  plain({ call: "add_mfns", seg, page, count: 1, mfn, domid: 7 });
const release = (page: number, seg = 0): Step => plain({ call: "release_grefs", seg, page, count: 1 });
const unmap = (seg = 0): Step => plain({ call: "unmap", seg, addr: 0, len: PAGES * PAGE_SIZE });

const seg = fc.integer({ min: 0, max: 1 });
const page = fc.integer({ min: 0, max: PAGES - 1 });
const someAnswers = fc.array(fc.constantFrom(0, 0, 0, -1), { maxLength: 3 });
const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ call: fc.constant("add_gref_pte" as const), seg, page, pte_ma: fc.constantFrom(0x9000n, 0x9008n) }),
  fc.record({
    call: fc.constant("add_grefs" as const),
    seg,
    page,
    grefs: fc.constantFrom([5], [6], [5, 6]),
    writable: fc.boolean(),
    domid: fc.constantFrom(7, 9),
  }),
  fc.record({ call: fc.constant("release_grefs" as const), seg, page, count: fc.constant(1) }),
  fc.record({
    call: fc.constant("add_mfns" as const),
    seg,
    page,
    count: fc.constant(1),
    mfn: fc.constantFrom(1, 2),
    domid: fc.constant(7),
  }),
  fc.record({ call: fc.constant("unmap" as const), seg, addr: fc.constant(0), len: fc.constant(PAGES * PAGE_SIZE) }),
  fc.constant<Call>({ call: "dup", seg: 0, into: 1 }),
  fc.constant<Call>({ call: "fault", seg: 0, page: 0, count: 1, type: "invalid", rw: "read", waiting: true }),
  fc.record({ call: fc.constant("free" as const), seg }),
);
const history = fc
  .array(fc.record({ call: calls, answers: someAnswers }), { maxLength: 8 })
  .map((steps): readonly Step[] => [CREATE, register(0), register(1), ...steps]);

test("how many handles and blocks there were before makes no difference", (t) => {
  fc.assert(
    fc.property(history, fc.nat(1000), fc.nat(1000), (steps, handles, blocks) => {
      const fresh = run(newDriver(), steps);
      const aged = run(newDriver({ handles, blocks }), steps);
      t.is(aged.key(), fresh.key());
    }),
    { seed: 1 },
  );
});

test("equal keys are equal states but for names, and the reverse", (t) => {
  let alike = 0;
  fc.assert(
    fc.property(history, history, (one, other) => {
      const a = run(newDriver(), one);
      const b = run(newDriver({ handles: 3 }), other);
      const same = sameButForNames(a.observe(), b.observe());
      if (same) alike++;
      t.is(a.key() === b.key(), same);
    }),
    // States that are alike by chance are rare among long histories; short ones are in the same distribution.
    { numRuns: 2000, seed: 1 },
  );
  t.true(alike > 0);
});

test("a state that is left and reached again has the key that it had", (t) => {
  fc.assert(
    fc.property(history, page, (steps, at) => {
      const driver = run(newDriver(), [...steps, release(at)]);
      const before = driver.observe();
      const key = driver.key();
      run(driver, [grant(at), release(at)]);
      t.is(driver.key() === key, sameButForNames(before, driver.observe()));
    }),
    { seed: 1 },
  );
});

/**
 * Are two observations the same if the handles of one are renamed? Tries every way to pair the live grants, and takes
 * all handles that are not live as one. Slow and simple: what the key is checked against.
 */
function sameButForNames(a: Observation, b: Observation): boolean {
  if (a.grants.length !== b.grants.length) return false;
  const identity = new Map(a.grants.map(({ handle }, i) => [handle, i]));
  return permutations(b.grants.map(({ handle }) => handle)).some((handles) =>
    isDeepStrictEqual(renamed(a, identity), renamed(b, new Map(handles.map((handle, i) => [handle, i])))),
  );
}

function renamed(observation: Observation, names: ReadonlyMap<number, number>): unknown {
  const rename = <T extends object>(value: T): T =>
    "handle" in value && typeof value.handle === "number"
      ? { ...value, handle: names.get(value.handle) ?? "dead" }
      : value;
  return {
    ...observation,
    segments: observation.segments.map((segment) => segment && { ...segment, map: segment.map.map(rename) }),
    pageTables: observation.pageTables.map((table) => ({
      ...table,
      ptes: table.ptes.map((pte) => pte && rename(pte)),
    })),
    grants: observation.grants.map(rename).toSorted((x, y) => x.handle - y.handle),
  };
}

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
}

/** A driver that holds on to the record of a grant when it is unmapped. */
const clinging =
  (handle: (page: number) => number) =>
  (kernel: Kernel): Partial<DriverOps> => ({
    release_grefs: () => kernel.unmap_grant_ref([{ handle: 1, host_addr: 0x9000n, status: 0 }]),
    privateKey: (_, rename) => [0, 1].map((at) => rename(handle(at))).join(),
  });

test("grants are named by where they are, not by when they were mapped", (t) => {
  const start = [CREATE, register(0), register(1)];
  const forwards = run(newDriver(), [...start, grant(0), grant(1)]);
  const backwards = run(newDriver(), [...start, grant(1), grant(0)]);
  t.notDeepEqual(forwards.observe(), backwards.observe());
  t.is(forwards.key(), backwards.key());
});

test("leaked grants are told apart by what they are, not by their order", (t) => {
  const start = [CREATE, register(0), register(1)];
  // A frame over a granted page: the fake forgets the grant, which stays mapped.
  const leak = (...grants: Step[]) => run(newDriver(), [...start, ...grants, unmap()]).key();
  t.is(leak(grant(0), grant(1)), leak(grant(1), grant(0)));
  t.is(leak(grant(0, 5), grant(0, 6)), leak(grant(0, 6), grant(0, 5)));
  t.not(leak(grant(0, 5), grant(0, 6)), leak(grant(0, 5), grant(0, 5)));
  t.not(leak(grant(0, 5), grant(0, 5)), leak(grant(0, 5)));
  t.not(leak(grant(0, 5)), leak(plain({ ...grant(0, 5).call, writable: false } as Call)));
  t.not(leak(grant(0, 5)), leak(plain({ ...grant(0, 5).call, domid: 9 } as Call)));
});

test("leaked grants of one segment are not those of another", (t) => {
  const leak = (seg: number) =>
    run(newDriver(), [CREATE, FORK, register(0, 0), register(0, 1), grant(0, 5, seg), unmap(0), unmap(1)]).key();
  t.not(leak(0), leak(1));
});

test("two grants that are alike, mapped one over the other, are told apart by which of them the PTE is", (t) => {
  const steps = [CREATE, register(0), grant(0, 5), grant(0, 5)];
  const key = (recorded: number) =>
    run(
      newDriver(
        {},
        clinging(() => recorded),
      ),
      steps,
    ).key();
  t.not(key(1), key(2));
});

test("handles that are not live have one name", (t) => {
  const steps = [CREATE, register(0), grant(0)];
  const key = (handle: number, ...more: Step[]) =>
    run(
      newDriver(
        {},
        clinging(() => handle),
      ),
      [...steps, ...more],
    ).key();
  t.is(key(1, release(0)), key(0, release(0)));
  t.is(key(99, release(0)), key(0, release(0)));
  t.not(key(1), key(0));
});

test("a driver's record names a grant that is in no page table, and it is told which of them", (t) => {
  const steps = [CREATE, register(0), register(1), grant(0), grant(1), frame(0), frame(1)];
  const key = (first: number, second: number) =>
    run(
      newDriver(
        {},
        clinging((at) => (at === 0 ? first : second)),
      ),
      steps,
    ).key();
  t.is(new Set([key(1, 2), key(2, 1), key(1, 1), key(2, 2), key(1, 0), key(0, 0)]).size, 6);
});

test("a driver's private text cannot be mistaken for anything else", (t) => {
  const keyed = (first: string, second: string) =>
    run(
      newDriver({}, () => ({ privateKey: (at) => (at === 0 ? first : second) })),
      [CREATE, FORK],
    ).key();
  const texts = ["", "a", "b", "ab", ";", "a;", ";live,rw,rwx,1,--:", "1:a", "0:"];
  const keys = texts.flatMap((first) => texts.map((second) => keyed(first, second)));
  t.is(new Set(keys).size, texts.length ** 2);
});

/** States of which no two are alike. */
const DIFFERENT: readonly (readonly Step[])[] = [
  [],
  [CREATE],
  [plain({ ...CREATE.call, prot: "r" } as Call)],
  [plain({ ...CREATE.call, maxprot: "rw" } as Call)],
  [{ ...CREATE, answers: [12] }],
  [plain({ ...CREATE.call, waiting: true } as Call)],
  [CREATE, unmap()],
  [CREATE, FORK],
  [CREATE, { ...FORK, answers: [12] }],
  [CREATE, FORK, unmap(0)],
  [CREATE, FORK, unmap(1)],
  [CREATE, FORK, register(0, 0)],
  [CREATE, FORK, register(0, 1)],
  [CREATE, register(0)],
  [CREATE, register(1)],
  [CREATE, register(0), register(1)],
  [CREATE, register(0, 0, 0x9008n)],
  [CREATE, register(0, 0, 0x9010n)],
  [CREATE, register(0, 0, 0x9008n), register(1)],
  [CREATE, register(0), grant(0)],
  [CREATE, register(0), register(1), grant(0)],
  [CREATE, register(0), register(1), grant(1)],
  [CREATE, register(0), grant(0, 6)],
  [CREATE, register(0), plain({ ...grant(0).call, writable: false } as Call)],
  [CREATE, register(0), plain({ ...grant(0).call, domid: 9 } as Call)],
  [CREATE, register(0), { ...grant(0), answers: [0, -1] }],
  [CREATE, register(0), grant(0), grant(0)],
  [CREATE, register(0), grant(0), unmap()],
  [CREATE, register(0), grant(0), { ...release(0), answers: [-1] }],
  [CREATE, register(0), grant(0), release(0)],
  [CREATE, frame(0)],
  [CREATE, frame(1)],
  [CREATE, frame(0, 1)],
  [CREATE, { ...frame(0), answers: [-22] }],
  [CREATE, plain({ ...frame(0).call, domid: 9 } as Call)],
  [CREATE, frame(0), frame(0)],
  [CREATE, frame(0), frame(1)],
];

test("what differs in anything live differs in its key", (t) => {
  const keys = DIFFERENT.map((steps) => run(newDriver(), steps).key());
  keys.forEach((key, i) => {
    t.is(keys.indexOf(key), i, JSON.stringify(DIFFERENT[i]?.map(({ call }) => call.call)));
  });
});

test("a lock or a block that a call left behind differs", (t) => {
  const after = (fault: (kernel: Kernel) => unknown) => {
    const driver = newDriver({}, (kernel) => ({
      fault: () => {
        fault(kernel);
        return 14;
      },
    }));
    run(driver, [CREATE, LOOK]);
    return driver.key();
  };
  const keys = [
    after(() => undefined),
    after((kernel) => kernel.mutex_enter({ lock: "freemem_lock", seg: null })),
    after((kernel) => kernel.mutex_enter({ lock: "segment", seg: 0 })),
    after((kernel) => kernel.mutex_enter({ lock: "a_contents", seg: 0 })),
    after((kernel) => kernel.mutex_destroy({ lock: "segment", seg: 0 })),
    after((kernel) => kernel.kmem_alloc(8)),
    after((kernel) => kernel.specfind()),
    after((kernel) => kernel.vop_delmap(0, SEGMENT_BASE, PAGE_SIZE, "rw", "rwx")),
    after((kernel) => kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, false)),
    after((kernel) => kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true)),
    after((kernel) => kernel.panic("")),
  ];
  t.is(new Set(keys).size, keys.length);
});

const LOOK: Step = plain({ call: "fault", seg: 0, page: 0, count: 1, type: "invalid", rw: "read" });
const WHOLE = PAGES * PAGE_SIZE;

test("a stillborn segment is not a live one, if all else is the same", (t) => {
  const key = (errno: number) =>
    run(
      newDriver({}, (kernel) => {
        const { create } = fakeDriver(kernel);
        return { create: (...args) => create(...args) || errno };
      }),
      [CREATE],
    ).key();
  t.not(key(0), key(12));
});

test("locks that callers hold are not a driver's, also over a freed segment", (t) => {
  const key = (lock: boolean, ...before: Step[]) => {
    const driver = newDriver({}, (kernel) => ({
      fault: () => {
        if (lock) kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true);
        kernel.seg_free(0);
        return 14;
      },
    }));
    return run(driver, [CREATE, ...before, LOOK]).key();
  };
  t.not(key(false, register(0)), key(true));
});

test("it matters which pages' locks callers hold", (t) => {
  const key = (page: number) => {
    const driver = newDriver({}, (kernel) => ({
      unmap: () => 48,
      fault: () => {
        kernel.hat_unload(0, SEGMENT_BASE, WHOLE, false);
        return 14;
      },
    }));
    return run(driver, [CREATE, register(0), register(1), unmap(), register(page), LOOK]).key();
  };
  t.not(key(0), key(1));
});

test("a block that was freed again does not differ", (t) => {
  const untouched = run(newDriver(), [CREATE]);
  const freed = newDriver({}, (kernel) => ({
    fault: () => {
      kernel.kmem_free(kernel.kmem_alloc(8), 8);
      return 14;
    },
  }));
  run(freed, [CREATE, LOOK]);
  t.is(freed.key(), untouched.key());
});
