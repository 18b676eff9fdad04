import test from "ava";
import type { Call, Driver, Parts } from "../driver.js";
import { allSuccess } from "./answers.js";
import { fakeDriver } from "./fakedriver.fixture.js";
import { hostDriver } from "./host.js";
import { Kernel } from "./kernel.js";
import type { DriverOps } from "./ops.js";
import { PAGE_SIZE } from "./services.js";

const PAGES = 2;
const CREATE: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const FORK: Call = { call: "dup", seg: 0, into: 1 };
const frame = (seg: number, mfn = 0x100): Call => ({ call: "add_mfns", seg, page: 0, count: 1, mfn, domid: 7 });
const register = (seg: number, page = 1): Call => {
  return { call: "add_gref_pte", seg, page, pte_ma: 0x9000n + BigInt(0x1000 * seg + 8 * page) };
};
const grant = (seg: number, gref = 5): Call => {
  return { call: "add_grefs", seg, page: 1, grefs: [gref], writable: true, domid: 7 };
};
const release = (seg: number): Call => ({ call: "release_grefs", seg, page: 1, count: 1 });
const unmap = (seg: number, len = PAGES * PAGE_SIZE): Call => ({ call: "unmap", seg, addr: 0, len });
const wait = (seg: number): Call => {
  return { call: "fault", seg, page: 0, count: 1, type: "invalid", rw: "read", waiting: true };
};

type Overrides = (kernel: Kernel) => Partial<DriverOps>;

function after(calls: readonly Call[], overrides: Overrides = () => ({})): Driver {
  const kernel = new Kernel({ kernel: "debug", pages: PAGES, maxGrefs: 16 });
  const driver = hostDriver(kernel, fakeDriver(kernel, overrides(kernel)));
  for (const call of calls) driver.perform(call, allSuccess);
  return driver;
}

/** The parts that differ: segments' numbers, and `rest`. */
function differing(a: Parts | null, b: Parts | null): readonly (number | "rest")[] {
  if (a === null || b === null) throw new Error("the state does not come apart");
  const segments = Array.from({ length: Math.max(a.segments.length, b.segments.length) }, (_, seg) => seg);
  const rest = a.rest === b.rest ? [] : (["rest"] as const);
  return [...segments.filter((seg) => a.segments[seg] !== b.segments[seg]), ...rest];
}

test("before there is a segment there is only the rest", (t) => {
  t.deepEqual(after([]).parts()?.segments, []);
});

for (const [what, calls, parts] of [
  ["a frame", [frame(1)], [1]],
  ["a registration", [register(0)], [0]],
  ["somebody who waits", [wait(0)], [0]],
  ["a fork", [{ call: "dup", seg: 0, into: 2 }], [2, "rest"]],
  ["an end", [unmap(1)], [1, "rest"]],
] as const satisfies readonly (readonly [string, readonly Call[], readonly (number | "rest")[]])[]) {
  test(`${what} changes the parts that it concerns`, (t) => {
    const before = [CREATE, FORK];
    t.deepEqual(differing(after(before).parts(), after([...before, ...calls]).parts()), parts);
  });
}

test("what is left of a segment that is gone is in its part", (t) => {
  const before = [CREATE, FORK];
  const clean = after([...before, unmap(1)]);
  const residue = after([...before, register(1), grant(1), unmap(1)]);
  t.is(residue.observe().grants.length, 1);
  t.deepEqual(differing(clean.parts(), residue.parts()), [1]);
});

test("grants have names among those of their segment", (t) => {
  const ways = [
    [CREATE, FORK, register(0), register(1), grant(0), grant(1)],
    [CREATE, FORK, register(0), register(1), grant(1), grant(0)],
    [CREATE, FORK, register(0), register(1), grant(1), release(1), grant(1), grant(0)],
  ];
  const [first, ...others] = ways.map((calls) => after(calls).parts());
  for (const other of others) t.deepEqual(other, first);
  t.deepEqual(differing(first ?? null, after([...(ways[0] ?? []), release(1), grant(1, 6)]).parts()), [1]);
});

test("a state with a record of another segment's grant does not come apart", (t) => {
  const calls = [CREATE, FORK, register(0), register(1), grant(0)];
  const naming: Overrides = () => ({ privateKey: (_, rename) => rename(1) });
  t.is(after(calls, naming).parts(), null);
  t.not(after([CREATE, FORK], naming).parts(), null);
});

test("a state in which two segments share memory does not come apart", (t) => {
  const sharing: Overrides = (kernel) => ({
    dup(seg, into) {
      kernel.vn_hold();
      kernel.attach(into, kernel.attached(seg) ?? 0);
      return 0;
    },
  });
  t.not(after([CREATE], sharing).parts(), null);
  t.is(after([CREATE, FORK], sharing).parts(), null);
});

test("nor does one with a lock held, with a live segment that has no record, or after a panic", (t) => {
  const holding: Overrides = (kernel) => ({
    fault: () => {
      kernel.mutex_enter({ lock: "freemem_lock", seg: null });
      return 14;
    },
  });
  t.is(after([CREATE, wait(0)], holding).parts(), null);
  t.is(after([CREATE], () => ({ view: () => null })).parts(), null);
  t.is(after([CREATE, unmap(0, 1)]).parts(), null);
});

test("what is shared is in the rest", (t) => {
  const calls = [CREATE, FORK];
  const one = after(calls, () => ({ sharedKey: () => "1" }));
  const other = after(calls, () => ({ sharedKey: () => "2" }));
  t.deepEqual(differing(one.parts(), other.parts()), ["rest"]);
  t.not(one.key(), other.key());
});
