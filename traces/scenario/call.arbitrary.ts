import fc from "fast-check";
import type { AccessType, Call, FaultType, PassiveOp, Prot } from "../../impl/driver.js";
import { PAGE_SIZE } from "./scenario.js";

const PLAIN = [
  "faulta",
  "sync",
  "incore",
  "lockop",
  "getprot",
  "getoffset",
  "gettype",
  "getvp",
  "advise",
  "dump",
  "pagelock",
  "setpagesize",
  "getmemid",
  "getpolicy",
  "capable",
  "inherit",
] as const satisfies readonly PassiveOp[];

const MOST_BYTES = 65_536 * PAGE_SIZE;
const END_OF_FRAMES = 2 ** 52;

const prot = fc.constantFrom<Prot>("none", "r", "w", "x", "rw", "rx", "wx", "rwx");
const set = fc.constant(true as const);
/** A page number, a count, a domid: mostly small, now and then at an end of its range. */
const uint16 = fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, fc.constantFrom(0x7ff0, 65_534, 65_535));
const uint32 = fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, fc.constantFrom(2 ** 31, 2 ** 32 - 1));
const mfn = fc.oneof(fc.integer({ min: 0xf0, max: 0x110 }), fc.integer({ min: 0, max: END_OF_FRAMES }));
const pte_ma = fc.oneof(
  fc.integer({ min: 0x9000, max: 0xb000 }).map(BigInt),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

/** Every step's: a segment's number that `scenarioArbitrary` replaces by one that is there, and whether anyone waits. */
const common = { seg: fc.constant(0), waiting: set };
const range = { ...common, page: uint16, count: uint16 };

const create = fc.record(
  { call: fc.constant("create" as const), ...common, prot, maxprot: prot },
  { requiredKeys: ["call", "seg", "prot", "maxprot"] },
);

const addMfns = fc
  .record(
    { call: fc.constant("add_mfns" as const), ...range, mfn, domid: uint16, foreign: set },
    { requiredKeys: ["call", "seg", "page", "count", "mfn", "domid"] },
  )
  .map((call) => ({ ...call, mfn: Math.min(call.mfn, END_OF_FRAMES - call.count) }));

const addGrefPte = fc.record(
  { call: fc.constant("add_gref_pte" as const), ...common, page: uint16, pte_ma },
  { requiredKeys: ["call", "seg", "page", "pte_ma"] },
);

const addGrefs = fc.record(
  {
    call: fc.constant("add_grefs" as const),
    ...common,
    page: uint16,
    grefs: fc.array(uint32, { maxLength: 18 }),
    writable: fc.boolean(),
    domid: uint16,
    foreign: set,
  },
  { requiredKeys: ["call", "seg", "page", "grefs", "writable", "domid"] },
);

const releaseGrefs = fc.record(
  { call: fc.constant("release_grefs" as const), ...range },
  { requiredKeys: ["call", "seg", "page", "count"] },
);

const dup = fc.record(
  { call: fc.constant("dup" as const), ...common, into: fc.constant(1) },
  { requiredKeys: ["call", "seg", "into"] },
);

function unmap(pages: number) {
  const page = fc.integer({ min: -2, max: pages + 2 }).map((number) => number * PAGE_SIZE);
  const bytes = fc.integer({ min: -MOST_BYTES, max: MOST_BYTES });
  const whole = pages * PAGE_SIZE;
  const extent = fc.oneof(
    { weight: 2, arbitrary: fc.constant({ addr: 0, len: whole }) },
    fc.record({ addr: fc.oneof(page, bytes), len: fc.oneof(page, bytes).map(Math.abs) }),
  );
  return fc
    .tuple(extent, fc.record({ call: fc.constant("unmap" as const), ...common }, { requiredKeys: ["call", "seg"] }))
    .map(([where, call]) => ({ ...call, ...where }));
}

const free = fc.record({ call: fc.constant("free" as const), ...common }, { requiredKeys: ["call", "seg"] });

const fault = fc.record(
  {
    call: fc.constant("fault" as const),
    ...range,
    type: fc.constantFrom<FaultType>("invalid", "prot", "softlock", "softunlock"),
    rw: fc.constantFrom<AccessType>("read", "write", "exec", "other"),
  },
  { requiredKeys: ["call", "seg", "page", "count", "type", "rw"] },
);

const passive = fc.oneof(
  fc.record({ call: fc.constantFrom(...PLAIN), ...range }, { requiredKeys: ["call", "seg", "page", "count"] }),
  fc.record(
    { call: fc.constantFrom("setprot", "checkprot"), ...range, prot },
    { requiredKeys: ["call", "seg", "page", "count"] },
  ),
  fc.record(
    { call: fc.constant("kluster" as const), ...range, delta: fc.integer({ min: -65_535, max: 65_535 }) },
    { requiredKeys: ["call", "seg", "page", "count"] },
  ),
);

/**
 * A call with its values in their ranges, nonsensical ones included, in normal form: flags are there only when true.
 * `pages` is the segment's size, so that the whole of it gets unmapped now and then. The segments' numbers are
 * placeholders: whether a call on a segment is in order depends on those before it.
 */
export function callArbitrary(pages: number): fc.Arbitrary<Call> {
  return fc.oneof(
    create,
    { weight: 3, arbitrary: addMfns },
    { weight: 2, arbitrary: addGrefPte },
    { weight: 3, arbitrary: addGrefs },
    { weight: 2, arbitrary: releaseGrefs },
    { weight: 2, arbitrary: dup },
    { weight: 2, arbitrary: unmap(pages) },
    free,
    fault,
    passive,
  );
}
