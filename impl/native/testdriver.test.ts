import test from "ava";
import type { AddMfnsCall, Call, Driver, Machine, Observation, UnmapCall } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { CallerError } from "../kernel/errors.js";
import { PanicReason } from "../kernel/panic.js";
import { PAGE_SIZE } from "../kernel/services.js";
import { CORRECTED, segmfDriver } from "../segmf/edition.js";
import { nativeDriver } from "./driver.js";
import { loadNative } from "./load.js";
import type { NativeModule } from "./module.js";
import { CREATE, DEBUG, perform, RELEASE, TEST_DRIVER, withSegment } from "./testkit.js";

let module: NativeModule;

test.before(async () => {
  module = await loadNative(TEST_DRIVER, RELEASE);
});

const frames = (page: number, count: number, mfn = 0x100 + page, domid = 7): AddMfnsCall => ({
  call: "add_mfns",
  seg: 0,
  page,
  count,
  mfn,
  domid,
});
const unmapWhole: UnmapCall = { call: "unmap", seg: 0, addr: 0, len: 3 * PAGE_SIZE };
const forkOff: Call = { call: "dup", seg: 0, into: 1 };

/** The calls with the kernel's answers, and what each returns. */
const script: readonly (readonly [call: Call, answers: readonly number[], returns: number | null])[] = [
  [CREATE, [], 0],
  [{ ...frames(0, 1), domid: 0 }, [], 13],
  [frames(2, 2), [], 22],
  [frames(0, 0), [], 0],
  [frames(0, 2), [], 0],
  [{ ...frames(2, 1), domid: 9 }, [], 22],
  [{ ...frames(2, 1), foreign: true }, [], 22],
  [frames(1, 2, 0x2_0000_0001), [0, -22], 14],
  [{ ...frames(0, 1, 2 ** 52 - 1), waiting: true }, [0], 0],
  [{ call: "add_gref_pte", seg: 0, page: 1, pte_ma: 0x9008n }, [], null],
  [forkOff, [], 0],
  [{ call: "dup", seg: 1, into: 2 }, [11], 11],
  [{ call: "free", seg: 2 }, [], null],
  [{ call: "unmap", seg: 1, addr: 0, len: PAGE_SIZE }, [], 48],
  [{ call: "unmap", seg: 1, addr: 0, len: 3 * PAGE_SIZE }, [], 0],
  [{ call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }, [], 14],
  [{ call: "getoffset", seg: 0, page: 2, count: 1 }, [], 2 * PAGE_SIZE],
  [{ call: "release_grefs", seg: 0, page: 0, count: 17 }, [], -1],
  [{ ...unmapWhole, waiting: true }, [], 0],
];

for (const machine of [DEBUG, RELEASE]) {
  test(`the small driver does with frames what the corrected driver does (${machine.kernel})`, (t) => {
    const native = nativeDriver(module, machine);
    const reference = segmfDriver({ machine, errata: CORRECTED });
    for (const [call, answers, returns] of script) {
      const outcome = perform(native, call, ...answers);
      t.is(outcome.panic, null, call.call);
      t.is(outcome.ret, returns, call.call);
      t.is(perform(reference, call, ...answers).ret, returns, call.call);
      t.deepEqual(plain(native.observe()), plain(reference.observe()), call.call);
    }
  });
}

/** A PTE that is throwaway in one driver may be none in the other (decision D2). */
function plain(observation: Observation): Observation {
  const pageTables = observation.pageTables.map((table) => ({
    ...table,
    ptes: table.ptes.map((pte) => (pte?.kind === "throwaway" ? null : pte)),
  }));
  return { ...observation, pageTables };
}

test("kernel calls are recorded as those of a TypeScript driver are", (t) => {
  const driver = withSegment(module, DEBUG);
  t.deepEqual(perform(driver, frames(1, 1), -22).calls, [
    { fn: "mutex_enter", lock: "segment", seg: 0 },
    { fn: "mutex_enter", lock: "freemem_lock" },
    { fn: "mutex_exit", lock: "freemem_lock" },
    { fn: "hat_devload", seg: 0, page: 1, count: 1, lock: true },
    { fn: "update_va_mapping_otherdomain", seg: 0, page: 1, mfn: 0x101n, domid: 7, writable: true, rc: -22 },
    { fn: "hat_unload", seg: 0, page: 1, count: 1, unlock: true },
    { fn: "mutex_enter", lock: "freemem_lock" },
    { fn: "mutex_exit", lock: "freemem_lock" },
    { fn: "mutex_enter", lock: "a_contents", seg: 0 },
    { fn: "as_isunmapwait", seg: 0, waiting: false },
    { fn: "mutex_exit", lock: "a_contents", seg: 0 },
    { fn: "mutex_exit", lock: "segment", seg: 0 },
  ]);
  const { calls } = perform(driver, unmapWhole);
  t.deepEqual(
    calls.map(({ fn }) => fn),
    ["mutex_enter", "mutex_exit", "vop_delmap", "seg_free", "kmem_free", "vn_rele", "mutex_destroy", "kmem_free"],
  );
  t.deepEqual(
    calls.filter(({ fn }) => fn === "kmem_free").map(({ block }) => block),
    [2, 1],
  );
});

test("the instants of a call show the map as it was then, and share what did not change", (t) => {
  const driver = withSegment(module);
  const { moments } = perform(driver, frames(0, 2));
  const maps = moments.map(({ segments }) => segments[0]?.map ?? []);
  t.deepEqual(
    maps.map((map) => map.map(({ type }) => type).join(" ")),
    [
      ...new Array<string>(4).fill("empty empty empty"),
      ...new Array<string>(4).fill("mfn empty empty"),
      ...new Array<string>(3).fill("mfn mfn empty"),
    ],
  );
  t.is(maps[1], maps[3]);
  t.is(maps[4], maps[7]);
  t.is(maps[5]?.[0], maps[9]?.[0]);
  t.deepEqual(
    moments.map(({ segments }) => segments[0]?.softlockcnt),
    [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2],
  );
});

test("a snapshot is restored any number of times, in any order", (t) => {
  const driver = withSegment(module);
  const steps: readonly Call[] = [frames(0, 2), forkOff, { ...frames(2, 1), seg: 1 }, unmapWhole];
  const states = steps.map((call) => {
    perform(driver, call);
    return { snapshot: driver.snapshot(), key: driver.key(), observation: driver.observe() };
  });
  t.is(new Set(states.map(({ key }) => key)).size, 4);
  for (const index of [0, 3, 1, 1, 2, 0, 2, 3]) {
    const state = states[index];
    if (state === undefined) continue;
    driver.restore(state.snapshot);
    t.is(driver.key(), state.key);
    t.deepEqual(driver.observe(), state.observation);
    const [next, after] = [steps[index + 1], states[index + 1]];
    if (next === undefined || after === undefined) continue;
    perform(driver, next);
    t.is(driver.key(), after.key);
  }
});

test("a snapshot survives a panic", (t) => {
  const driver = withSegment(module, DEBUG);
  const before = driver.snapshot();
  const key = driver.key();
  t.is(perform(driver, { ...unmapWhole, len: 1 }).panic, PanicReason.driver);
  t.throws(() => perform(driver, CREATE), { instanceOf: CallerError });
  driver.restore(before);
  t.is(driver.key(), key);
  t.is(perform(driver, unmapWhole).ret, 0);
});

test("what a page held before makes no difference to the key, what is registered does", (t) => {
  const once = withSegment(module);
  const fresh = once.key();
  perform(once, frames(1, 1));
  perform(once, frames(1, 1), -1);
  const bound = once.key();
  t.not(bound, fresh);
  perform(once, frames(0, 3, 0x500));
  perform(once, frames(0, 3, 0x600), 0, 0, -1);
  t.is(once.key(), bound);
  perform(once, { call: "add_gref_pte", seg: 0, page: 1, pte_ma: 0x9008n });
  t.not(once.key(), bound);
});

test("addresses and lengths that have more than 32 bits don't wrap around", (t) => {
  const panicOf = (addr: number, len: number): string | null =>
    perform(withSegment(module), { call: "unmap", seg: 0, addr, len }).panic;
  t.is(panicOf(0, 2 ** 32 + 3 * PAGE_SIZE), PanicReason.driver);
  t.is(panicOf(2 ** 32, 3 * PAGE_SIZE), PanicReason.driver);
  t.is(panicOf(-PAGE_SIZE, PAGE_SIZE), PanicReason.driver);
  t.is(panicOf(PAGE_SIZE, 0), null);
});

test("an empty slot of the operations vector is a trap", (t) => {
  const outcome = perform(withSegment(module), { call: "getpolicy", seg: 0, page: 0, count: 1 });
  t.is(outcome.panic, PanicReason.trap);
});

test("drivers of one module have nothing in common", (t) => {
  const [one, other] = [withSegment(module), withSegment(module)];
  const fresh = other.key();
  perform(one, frames(0, 3));
  t.is(other.key(), fresh);
  t.throws(() => other.restore(one.snapshot()), { instanceOf: CallerError });
});

test("the number of refs a call is compiled in", (t) => {
  const machine: Machine = { ...RELEASE, maxGrefs: 2 };
  t.throws(() => nativeDriver(module, machine), { instanceOf: CallerError, message: /compiled for 16 refs/ });
});

test("segments come and go without end of their number within what memory there is", (t) => {
  const driver: Driver = withSegment(module, { ...RELEASE, pages: 1 });
  for (let into = 1; into < 40; into++) perform(driver, { call: "dup", seg: into - 1, into });
  const { segments, memory } = driver.observe();
  t.is(segments.length, 40);
  t.is(memory.blocks, 80);
  perform(driver, { ...frames(0, 1), seg: 39 });
  t.deepEqual(
    driver.observe().segments.map((segment) => segment?.softlockcnt),
    [...new Array<number>(39).fill(0), 1],
  );
});

test("every way to answer is taken as the script says", (t) => {
  const driver = withSegment(module);
  const outcome = driver.perform(frames(0, 3), scripted([0, 0, -22]));
  t.deepEqual(
    outcome.asked.map(({ question, answer }) => [question.kind, "page" in question ? question.page : null, answer]),
    [
      ["update_va_mapping", 0, 0],
      ["update_va_mapping", 1, 0],
      ["update_va_mapping", 2, -22],
    ],
  );
  t.is(driver.observe().pageTables[0]?.locks, 0);
});
