import { existsSync } from "node:fs";
import test from "ava";
import type { Call, Driver } from "../driver.js";
import { compareWorlds, disagreement, SMALL, worldsOf } from "../segmf/worlds.testkit.js";
import { nativeDriver } from "./driver.js";
import { loadNative } from "./load.js";
import type { NativeModule } from "./module.js";
import { CREATE, compileText, NEIGHBOUR_SEED, perform, probeDriver, RELEASE, TEST_DRIVER } from "./testkit.js";

const FORK: Call = { call: "dup", seg: 0, into: 1 };
const register = (page: number, pte_ma: bigint, seg = 0): Call => ({ call: "add_gref_pte", seg, page, pte_ma });

const OTHER = "((struct seg *)((char *)seg + SEGMENT_BYTES))";

/** What `release_grefs` of segment 0 does where there is a segment 1, and whose state that touches. */
const probes: readonly (readonly [what: string, code: string, touched: readonly number[] | null])[] = [
  ["its own data and map", "return map[0].t_type;", [0]],
  ["static data", "return counter++;", [0]],
  ["the struct seg of another", `return ${OTHER}->s_size != 0;`, [0, 1]],
  ["the address space of another", `return ${OTHER}->s_as->a_hat != 0;`, [0, 1]],
  ["a block of another, read", "return last->domid;", [0, 1]],
  ["a block of another, written", "last->domid = 7; return 0;", [0, 1]],
  ["a block of another, copied", "struct segmf_data copy; bcopy(last, &copy, sizeof(copy)); return 0;", [0, 1]],
  ["a block of its own that is gone again", "void *p = kmem_alloc(8, KM_SLEEP); kmem_free(p, 8); return 0;", [0]],
  ["a block of another that is gone", "kmem_free(last, sizeof(*last)); return 0;", [0, 1]],
  ["freed memory", "void *p = kmem_alloc(8, KM_SLEEP); kmem_free(p, 8); return *(volatile int *)p;", null],
  ["what lies beside a block", "return map[5].t_type;", [0]],
  ["what lies beside a block of another", "return *(volatile int *)(last + 1);", [0, 1]],
  ["what lies half beside a block", "return *(volatile int *)((char *)(map + 2) - 2);", [0]],
  ["the kernel's own memory", "return *(volatile int *)SYSTEM;", null],
  ["a store outside", "map[5].t_type = 0; return 0;", [0]],
  ["a trap", "return *(volatile int *)0;", null],
  ["more blocks than there is room for", "for (int i = 0; i < 3; i++) kmem_alloc(8, KM_SLEEP); return 0;", null],
  ["a lock of another", "return MUTEX_HELD(&last->lock);", [0, 1]],
  ["the vnode", "VN_HOLD(data->vp); VN_RELE(data->vp); return 0;", [0]],
];

const DECLARATIONS = `
static int counter;
static struct segmf_data *last;
`;

let module: NativeModule;

test.before(async () => {
  const cases = probes.map(([, code], i) => `case ${i}: { ${code} }`).join("\n");
  const remember = "last = ((struct seg *)((char *)seg + SEGMENT_BYTES))->s_data;";
  module = await compileText(probeDriver(`switch (count) { case 100: ${remember} return 0;\n${cases} }`, DECLARATIONS));
});

const release = (count: number, seg = 0): Call => ({ call: "release_grefs", seg, page: 0, count });

function forked(): Driver {
  const driver = nativeDriver(module, { ...RELEASE, pages: 2 });
  perform(driver, CREATE);
  perform(driver, FORK);
  perform(driver, release(100));
  return driver;
}

for (const [index, [what, , touched]] of probes.entries()) {
  test(`whose state is touched by ${what}`, (t) => {
    t.deepEqual(perform(forked(), release(index)).touched, touched);
  });
}

test("making and ending a segment touches it", (t) => {
  const driver = nativeDriver(module, { ...RELEASE, pages: 2 });
  t.deepEqual(perform(driver, CREATE).touched, [0]);
  t.deepEqual(perform(driver, FORK).touched, [0, 1]);
  t.deepEqual(perform(driver, { call: "unmap", seg: 1, addr: 0, len: 8192 }).touched, [1]);
});

test("what was touched before a call does not count", (t) => {
  const driver = forked();
  const before = driver.snapshot();
  t.deepEqual(perform(driver, release(4)).touched, [0, 1]);
  t.deepEqual(perform(driver, release(0)).touched, [0]);
  driver.restore(before);
  t.deepEqual(perform(driver, release(0)).touched, [0]);
});

test("parts hold what is each segment's, and static data in the rest", (t) => {
  const driver = forked();
  const before = driver.parts();
  perform(driver, register(0, 0x9000n));
  const registered = driver.parts();
  t.is(registered?.segments[1], before?.segments[1]);
  t.not(registered?.segments[0], before?.segments[0]);
  t.is(registered?.rest, before?.rest);
  perform(driver, release(1));
  t.deepEqual(driver.parts()?.segments, registered?.segments);
  t.not(driver.parts()?.rest, registered?.rest);
});

/** The driver as illumos ships it, if there is one (seed.test.ts says if not), and a small one of our own. */
const seed = process.env.SEG_MF_C ?? (existsSync(NEIGHBOUR_SEED) ? NEIGHBOUR_SEED : null);
const files = [["the test driver", TEST_DRIVER] as const, ...(seed === null ? [] : [["the seed", seed] as const])];

for (const [name, path] of files) {
  for (const kernel of ["debug", "release"] as const) {
    test(`${name}, ${kernel}: parts are equal where keys are, and calls confined to a segment do the same elsewhere`, async (t) => {
      const machine = { ...SMALL, kernel };
      const driver = nativeDriver(await loadNative(path, machine), machine);
      const worlds = worldsOf(driver, 150);
      t.is(disagreement(worlds), null);
      t.true(new Set(worlds.map(({ key }) => key)).size < worlds.length - 100, "some states are met again");
      const { calls, wrong } = compareWorlds(driver, worlds, 40);
      t.is(wrong, null);
      t.true(calls > 1000, `${calls}`);
    });
  }
}
