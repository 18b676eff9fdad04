import test from "ava";
import type { Call, Machine, Outcome } from "../driver.js";
import { hostDriver } from "../kernel/host.js";
import { Kernel } from "../kernel/kernel.js";
import { PanicReason } from "../kernel/panic.js";
import type { NativeModule } from "./module.js";
import { NativeOps } from "./ops.js";
import { CREATE, compileText, DEBUG, perform, probeDriver, RELEASE, withSegment } from "./testkit.js";

/** What a driver may do to memory and ask of the kernel, and what comes of it: a value, or a panic. */
interface Probe {
  readonly what: string;
  readonly code: string;
  readonly release: number | string;
  /** On a DEBUG kernel, if it is something else. */
  readonly debug?: number | string;
}

const { writeOutside, trap, assertion } = PanicReason;
const OTHER_SEGMENT = "((struct seg *)((char *)seg + SEGMENT_BYTES))";

const DECLARATIONS = `
static int counter = 5;
static int count_up(void) { return ++counter; }
static volatile int sink;
static int recurse(volatile int depth) { volatile char frame[64]; frame[0] = depth; return recurse(depth + 1) + frame[0]; }
static __attribute__((noinline)) int descend(int depth) { return depth ? descend(depth + 2) * 3 + depth : 0; }
struct pair { segmf_map_t cells[2]; };
`;

const probes: readonly Probe[] = [
  { what: "a store to the last page", code: "map[2].u.m.m_mfn = 9; return (int)map[2].u.m.m_mfn;", release: 9 },
  { what: "a store past the map", code: "map[3].t_type = 0;", release: writeOutside },
  { what: "a store far past the map", code: "map[131070].t_type = 0;", release: writeOutside },
  { what: "a store before the map", code: "((char *)map)[-1] = 0;", release: writeOutside },
  { what: "a store half outside", code: "*(uint64_t *)((char *)(map + 3) - 4) = 0;", release: writeOutside },
  { what: "a store through NULL", code: "((volatile struct seg *)0)->s_size = 1;", release: writeOutside },
  { what: "a store to freed memory", code: "kmem_free(map, 96); map[0].t_type = 0;", release: writeOutside },
  { what: "a store to the address space", code: "seg->s_as->a_hat = 0;", release: writeOutside },
  { what: "a store to a segment that is none", code: `${OTHER_SEGMENT}->s_data = 0;`, release: writeOutside },
  { what: "a structure assigned past the map", code: "map[3] = map[0];", release: writeOutside },
  {
    what: "a structure assigned half outside",
    code: "*(struct pair *)&map[2] = *(struct pair *)&map[0];",
    release: writeOutside,
  },
  { what: "bzero past the map", code: "bzero(&map[2], 33);", release: writeOutside },
  { what: "bcopy past the map", code: "bcopy(&map[0], &map[1], 65);", release: writeOutside },
  { what: "bzero of nothing, nowhere", code: "bzero(&map[1000], 0); return 1;", release: 1 },
  { what: "a load within reach of the map", code: "return map[131070].t_type == (int)0xdeadbeef;", release: 1 },
  {
    what: "a type out of range is none of the three",
    code: "int t = map[3].t_type; return t != SEGMF_MAP_EMPTY && t != SEGMF_MAP_MFN && t != SEGMF_MAP_GREF;",
    release: 1,
  },
  {
    what: "a load of freed memory",
    code: "uint64_t *p = kmem_alloc(8, KM_SLEEP); *p = 1; kmem_free(p, 8); return *p == 0xdeadbeefdeadbeefULL;",
    release: 1,
  },
  {
    what: "bcopy from outside",
    code: "bcopy(&map[3], &map[0], 4); return map[0].t_type == (int)0xdeadbeef;",
    release: 1,
  },
  { what: "a load through NULL", code: "return ((volatile struct seg *)0)->s_size;", release: trap },
  { what: "a load through a dead pointer", code: "return *(volatile int *)0xdeadbeef;", release: trap },
  {
    what: "memory that is allocated holds the pattern",
    code: "uint64_t *p = kmem_alloc(16, KM_SLEEP); return p[0] == 0xbaddcafebaddcafeULL && p[1] == p[0];",
    release: 1,
  },
  { what: "memory that is zeroed", code: "uint64_t *p = kmem_zalloc(8, KM_SLEEP); return *p == 0;", release: 1 },
  {
    what: "automatic variables that were not written",
    code: "gnttab_map_grant_ref_t op[2]; bzero(op, 0); sink = (int)(uintptr_t)op; return op[1].status != 0;",
    release: 1,
  },
  {
    what: "more blocks than a segment has zones",
    code: `char *p[9];
      for (int i = 0; i < 9; i++) { p[i] = kmem_alloc(5, KM_SLEEP); memset(p[i], i, 5); }
      for (int i = 0; i < 9; i++) if (p[i][0] != i || p[i][4] != i) return 0;
      for (int i = 0; i < 9; i++) kmem_free(p[i], 5);
      return 1;`,
    release: 1,
  },
  { what: "a free of another size", code: "kmem_free(map, 64);", release: PanicReason.freeOtherSize },
  { what: "a free of no block", code: "kmem_free(map + 1, 64);", release: PanicReason.freeNoBlock },
  { what: "an allocation of nothing", code: "kmem_alloc(0, KM_SLEEP);", release: PanicReason.badSize },
  { what: "an allocation of everything", code: "kmem_alloc(0xfffff000, KM_SLEEP);", release: PanicReason.badSize },
  { what: "recursion without end", code: "return recurse(0);", release: PanicReason.stack },
  { what: "recursion without end that needs no memory", code: "return descend(1);", release: PanicReason.stack },
  { what: "a division by zero", code: "sink = 0; return counter / sink;", release: trap },
  { what: "an ASSERT that fails", code: "ASSERT(counter == 0); return 1;", release: 1, debug: assertion },
  { what: "an ASSERT is evaluated on DEBUG only", code: "ASSERT(count_up()); return counter;", release: 5, debug: 6 },
  { what: "an ASSERT3U that fails", code: "ASSERT3U(counter, <, 5); return 1;", release: 1, debug: assertion },
  { what: "a VERIFY that fails", code: "VERIFY0(counter);", release: assertion },
  { what: "panic", code: 'panic("%d", counter);', release: PanicReason.driver },
  { what: "cmn_err", code: 'cmn_err(CE_WARN, "%d", 1); cmn_err(CE_PANIC, "%d", 2);', release: PanicReason.driver },
  { what: "no such grant-table operation", code: "return HYPERVISOR_grant_table_op(77, map, 1);", release: -89 },
  { what: "a hypercall's array past a block", code: "gnttab_op(map, 4);", release: writeOutside },
  {
    what: "a grant whose address is not an entry's",
    code: "gnttab_map_grant_ref_t op = {.flags = GNTMAP_host_map}; xen_map_gref(GNTTABOP_map_grant_ref, &op, 1, B_TRUE);",
    release: trap,
  },
  {
    what: "a status is written, the handle of a refused element is not",
    code: `gnttab_map_grant_ref_t op = {.flags = GNTMAP_host_map | GNTMAP_contains_pte, .handle = 77};
      int rc = xen_map_gref(GNTTABOP_map_grant_ref, &op, 1, B_TRUE);
      return rc == 0 && op.status == GNTST_bad_virt_addr && op.handle == 77;`,
    release: 1,
  },
  { what: "a mutex that is none", code: "mutex_enter(&data->other_lock);", release: PanicReason.mutexNotInitialised },
  {
    what: "a segment has one mutex",
    code: "lock_init(&data->lock); lock_init(&data->other_lock);",
    release: PanicReason.mutexInitialisedTwice,
  },
  { what: "freemem_lock is the kernel's", code: "mutex_destroy(&freemem_lock);", release: PanicReason.mutexNotYours },
  {
    what: "who owns a mutex",
    code: `lock_init(&data->lock);
      int before = MUTEX_HELD(&data->lock), first = mutex_tryenter(&data->lock), again = mutex_tryenter(&data->lock);
      int held = MUTEX_HELD(&data->lock);
      mutex_exit(&data->lock);
      mutex_destroy(&data->lock);
      return before == 0 && first == 1 && again == 0 && held == 1 && MUTEX_NOT_HELD(&freemem_lock);`,
    release: 1,
  },
  {
    what: "a page table of nowhere",
    code: "hat_map((struct hat *)map, 0, 4096, 0);",
    release: PanicReason.noAddressSpace,
  },
  { what: "a segment of nowhere", code: "seg_free((struct seg *)map);", release: PanicReason.freeNoSegment },
  { what: "a vnode of nowhere", code: "VN_HOLD((struct vnode *)map);", release: trap },
  { what: "a vnode that is held", code: "VN_HOLD(data->vp); VN_RELE(data->vp); return 1;", release: 1 },
  {
    what: "a frame of one's own to load",
    code: "hat_devload(seg->s_as->a_hat, seg->s_base, 4096, 5, PROT_READ, HAT_LOAD);",
    release: trap,
  },
  {
    what: "an entry that maps nothing foreign",
    code: "HYPERVISOR_update_va_mapping_otherdomain((uintptr_t)seg->s_base, PT_VALID | PT_USER, 0, 7);",
    release: trap,
  },
  {
    what: "fault codes",
    code: "return fc_decode(-1) * 10000 + fc_decode(FC_PROT) * 100 + fc_decode(FC_MAKE_ERR(22));",
    release: 141322,
  },
  { what: "atomics", code: "ulong_t n = 4; atomic_add_long(&n, -1); return atomic_inc_ulong_nv(&n);", release: 4 },
];

const HELPERS = `
#define gnttab_op(ops, n) HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, ops, n)
#define lock_init(lock) mutex_init(lock, "", MUTEX_DEFAULT, NULL)
`;

let module: NativeModule;

test.before(async () => {
  const cases = probes.map(({ code }, i) => `case ${i}: { ${code} break; }`);
  module = await compileText(probeDriver(`switch (count) {\n${cases.join("\n")}\n}`, DECLARATIONS + HELPERS));
});

const probe = (number: number): Call => ({ call: "release_grefs", seg: 0, page: 0, count: number });

function run(machine: Machine, number: number): Outcome {
  return perform(withSegment(module, machine), probe(number));
}

probes.forEach(({ what, release, debug = release }, number) => {
  test(what, (t) => {
    for (const [machine, expected] of [[RELEASE, release] as const, [DEBUG, debug] as const]) {
      const { ret, panic } = run(machine, number);
      t.is(panic ?? ret, expected, machine.kernel);
    }
  });
});

test("a store that is outside does not happen", (t) => {
  const driver = withSegment(module);
  const bzero = probes.findIndex(({ what }) => what === "bzero past the map");
  perform(driver, { call: "add_gref_pte", seg: 0, page: 2, pte_ma: 0x1000_0000_0005_1234n });
  const before = driver.snapshot();
  const { segments } = driver.observe();
  t.is(perform(driver, probe(bzero)).panic, PanicReason.writeOutside);
  t.deepEqual(driver.observe().segments, segments);
  driver.restore(before);
  t.deepEqual(driver.observe().segments, segments);
});

test("static data is part of the state", (t) => {
  const driver = withSegment(module, DEBUG);
  const countUp = probe(probes.findIndex(({ what }) => what === "an ASSERT is evaluated on DEBUG only"));
  const before = { snapshot: driver.snapshot(), key: driver.key() };
  t.is(perform(driver, countUp).ret, 6);
  const after = { snapshot: driver.snapshot(), key: driver.key() };
  t.not(after.key, before.key);
  t.is(perform(driver, countUp).ret, 7);
  driver.restore(after.snapshot);
  t.is(driver.key(), after.key);
  t.is(perform(driver, countUp).ret, 7);
  driver.restore(before.snapshot);
  t.is(driver.key(), before.key);
  t.is(perform(driver, countUp).ret, 6);
});

test("arguments have the room that the scenario format gives them, and no more", (t) => {
  const outcome = perform(withSegment(module), { call: "incore", seg: 0, page: 0, count: 2 });
  t.is(outcome.panic, PanicReason.writeOutside);
});

/** A cell's type, reference, handle and flags, packed as the probe driver takes them. */
function cell(type: number, word: number, more: { gref?: number; handle?: number; flags?: number } = {}): bigint {
  const { gref = 0, handle = 0, flags = 0 } = more;
  const low = BigInt(word) | (BigInt(gref) << 16n) | (BigInt(handle) << 24n);
  return low | (BigInt(flags) << 32n) | (BigInt(type) << 60n);
}

test("the map is read as the driver lays it out", (t) => {
  const driver = withSegment(module);
  const set = (page: number, pte_ma: bigint): void => {
    perform(driver, { call: "add_gref_pte", seg: 0, page, pte_ma });
  };
  set(0, cell(1, 0x77));
  set(1, cell(2, 0x9008, { gref: 5, flags: 3 }));
  set(2, cell(7, 0x66));
  const map = driver.observe().segments[0]?.map;
  t.deepEqual(map?.[0], { type: "mfn", mfn: 0x77n });
  t.like(map?.[1], { type: "gref", writable: true, mapped: true, pte_ma: 0x9008n });
  // No type at all is not EMPTY: it shows as a frame that no page table has.
  t.deepEqual(map?.[2], { type: "mfn", mfn: 0x66n });
});

test("the key holds the words that are live for a page's type", (t) => {
  const privately = (pte_ma: bigint, rename = (handle: number): string => `h${handle}`): string => {
    const kernel = new Kernel({ ...RELEASE, pages: 1 });
    const ops = new NativeOps(module, kernel);
    const driver = hostDriver(kernel, ops);
    perform(driver, CREATE);
    perform(driver, { call: "add_gref_pte", seg: 0, page: 0, pte_ma });
    return ops.privateKey(0, rename);
  };
  for (const type of [0, 1]) {
    t.not(privately(cell(type, 1)), privately(cell(type, 2)), "the word that the frame and the registration share");
    t.is(privately(cell(type, 1, { gref: 3 })), privately(cell(type, 1, { gref: 4 })));
    t.is(privately(cell(type, 1, { flags: 1 })), privately(cell(type, 1, { flags: 2 })));
    t.is(privately(cell(type, 1, { handle: 1 })), privately(cell(type, 1, { handle: 2 })));
  }
  t.not(privately(cell(2, 1)), privately(cell(2, 2)));
  t.not(privately(cell(2, 1, { gref: 3 })), privately(cell(2, 1, { gref: 4 })));
  t.not(privately(cell(2, 1, { flags: 1 })), privately(cell(2, 1, { flags: 2 })));
  const [one, other] = [cell(2, 1, { handle: 1 }), cell(2, 1, { handle: 2 })];
  t.not(privately(one), privately(other));
  t.is(
    privately(one, () => "same"),
    privately(other, () => "same"),
  );
  t.not(privately(cell(0, 1)), privately(cell(1, 1)));
});

const ENDLESS: Readonly<Record<string, readonly [code: string, panic: string]>> = {
  "a loop over memory": ["for (uint_t i = 0;; i = (i + 1) % 3) map[i].t_type = 0;", PanicReason.hangs],
  "a loop that touches nothing": ["for (;;) ;", PanicReason.hangs],
  "a loop that computes": ["uint_t x = 1; while (x) x = x * 5 | 1; return x;", PanicReason.hangs],
  "a loop over kernel calls": [
    "for (;;) { mutex_enter(&freemem_lock); mutex_exit(&freemem_lock); }",
    PanicReason.hangs,
  ],
  "a loop that allocates": ["for (;;) kmem_alloc(8, KM_SLEEP);", PanicReason.memory],
  "a jump to itself": ["again: goto again;", PanicReason.hangs],
};

for (const [what, [code, panic]] of Object.entries(ENDLESS)) {
  test(`a call without end: ${what}`, async (t) => {
    const endless = await compileText(probeDriver(code));
    t.is(perform(withSegment(endless), probe(0)).panic, panic);
  });
}

test("a call may be given less to do, or less memory, than usual", async (t) => {
  const limits = { steps: 2000, bytes: 100_000 };
  const loop = await compileText(probeDriver("for (volatile int i = 0; i < 5000; i++) ;\n  return 0;"));
  t.is(perform(withSegment(loop), probe(0)).panic, null);
  t.is(perform(withSegment({ ...loop, limits }), probe(0)).panic, PanicReason.hangs);
  const block = await compileText(probeDriver("kmem_free(kmem_alloc(60000, KM_SLEEP), 60000);\n  return 0;"));
  t.is(perform(withSegment({ ...block, limits }), probe(0)).panic, null);
  t.is(perform(withSegment({ ...block, limits: { bytes: 50_000 } }), probe(0)).panic, PanicReason.memory);
});
