import test from "ava";
import type { AddGrefsCall, Call, Observation } from "../../impl/driver.js";
import { domidOnce, oneDomain, softlockNonnegative, writePermission } from "./always.js";
import {
  EMPTY,
  gref,
  judged,
  mfn,
  observationOf,
  resting,
  type Step,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
} from "./fixture.js";

const add: Call = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 0x100, domid: 7 };
const refs: AddGrefsCall = { call: "add_grefs", seg: 0, page: 1, grefs: [5], writable: true, domid: 7 };
const unmap: Call = { call: "unmap", seg: 0, addr: 0, len: 0x2000 };
const unbound = observationOf(state(segment([EMPTY, EMPTY], { domid: 0 })));
const bound = observationOf(state(segment([EMPTY, EMPTY])));
const framed = observationOf(state(segment([mfn(0x100), EMPTY])));
const granted = observationOf(state(segment([EMPTY, gref(5, true)])));
const gone = withSegment(framed, 0, null);

const enter = (fn: string, seen: Observation): Step => [{ fn, seg: 0 }, seen];
const during = (call: Call, before: Observation, steps: readonly Step[], after = before, panic?: string) =>
  judged({ call, before, after, steps, expectation: null, ...(panic === undefined ? {} : { panic }) });
const counting = (softlockcnt: number) => withSegment(framed, 0, { softlockcnt });

test("softlock-nonnegative holds at 0 and above", (t) => {
  t.deepEqual(softlockNonnegative.breaches(during(add, bound, [enter("hat_devload", framed)], framed)), []);
});

test("softlock-nonnegative: below 0 at rest, at a kernel call only, at a panic", (t) => {
  t.deepEqual(softlockNonnegative.breaches(resting(counting(-2))), ["segment 0: softlockcnt is -2"]);
  const passing = during(add, framed, [enter("hat_unlock", framed), enter("hat_unload", counting(-1))]);
  t.deepEqual(softlockNonnegative.breaches(passing), [
    "segment 0: softlockcnt is -1, on entry to hat_unload (kernel call 1)",
  ]);
  t.deepEqual(softlockNonnegative.breaches(during(add, framed, [], counting(-1), "assertion failed")), [
    "segment 0: softlockcnt is -1, at the panic",
  ]);
});

test("softlock-nonnegative is told once for as long as it lasts", (t) => {
  const steps = [
    enter("hat_unlock", counting(-1)),
    enter("hat_unload", counting(-1)),
    enter("kmem_free", counting(-2)),
  ];
  t.deepEqual(softlockNonnegative.breaches(during(add, framed, steps, counting(-1))), [
    "segment 0: softlockcnt is -1, on entry to hat_unlock (kernel call 0)",
    "segment 0: softlockcnt is -2, on entry to kmem_free (kernel call 2)",
  ]);
});

test("a driver whose moments stop short is judged at rest", (t) => {
  const told = during(add, framed, [], counting(-1));
  const silent = { ...told, outcome: { ...told.outcome, moments: [] } };
  t.deepEqual(softlockNonnegative.breaches(silent), ["segment 0: softlockcnt is -1"]);
});

test("what a segment looks like while the kernel frees it is nobody's promise", (t) => {
  const steps = [enter("seg_free", framed), enter("kmem_free", counting(-1))];
  t.deepEqual(softlockNonnegative.breaches(during(unmap, framed, steps, gone)), []);
  t.deepEqual(
    domidOnce.breaches(during(unmap, framed, [steps[0] ?? enter("", framed), enter("vn_rele", unbound)], gone)),
    [],
  );
  const late = [enter("hat_unload", counting(-1)), enter("seg_free", framed)];
  t.deepEqual(softlockNonnegative.breaches(during(unmap, framed, late, gone)), [
    "segment 0: softlockcnt is -1, on entry to hat_unload (kernel call 0)",
  ]);
  const free: Call = { call: "free", seg: 0 };
  t.deepEqual(softlockNonnegative.breaches(during(free, framed, [enter("kmem_free", counting(-1))], gone)), []);
});

test("softlock-nonnegative: below 0 as the kernel begins to free the segment", (t) => {
  t.deepEqual(softlockNonnegative.breaches(during(unmap, framed, [enter("seg_free", counting(-1))], gone)), [
    "segment 0: softlockcnt is -1, on entry to seg_free (kernel call 0)",
  ]);
});

test("domid-once holds where a segment is bound, and stays so", (t) => {
  t.deepEqual(
    domidOnce.breaches(during(add, unbound, [enter("hat_devload", unbound), enter("hat_unload", bound)], bound)),
    [],
  );
  t.deepEqual(domidOnce.breaches(during(add, bound, [enter("hat_devload", bound)])), []);
  t.deepEqual(domidOnce.breaches(resting(unbound)), []);
});

test("domid-once: another domain, for good or for a while", (t) => {
  const rebound = withSegment(bound, 0, { domid: 9 });
  t.deepEqual(domidOnce.breaches(during(add, bound, [], rebound)), [
    "segment 0: it was bound to domain 7, and is bound to domain 9",
  ]);
  t.deepEqual(domidOnce.breaches(during(add, unbound, [enter("a", bound), enter("b", rebound)], bound)), [
    "segment 0: it was bound to domain 7, and is bound to domain 9, on entry to b (kernel call 1)",
    "segment 0: it was bound to domain 9, and is bound to domain 7",
  ]);
});

test("domid-once: unbound again, also after it was bound in the same call", (t) => {
  t.deepEqual(domidOnce.breaches(during(add, bound, [], unbound)), [
    "segment 0: it was bound to domain 7, and is unbound",
  ]);
  t.deepEqual(domidOnce.breaches(during(add, unbound, [enter("a", bound)], unbound)), [
    "segment 0: it was bound to domain 7, and is unbound",
  ]);
});

test("domid-once: DOMID_SELF", (t) => {
  const self = withSegment(bound, 0, { domid: 0x7ff0 });
  t.deepEqual(domidOnce.breaches(during(add, unbound, [], self)), ["segment 0: it is bound to DOMID_SELF"]);
  t.deepEqual(domidOnce.breaches(resting(self)), ["segment 0: it is bound to DOMID_SELF"]);
});

test("domid-once: what the segment looks like as the kernel begins to free it still counts", (t) => {
  t.deepEqual(
    domidOnce.breaches(during(unmap, framed, [enter("hat_unload", framed), enter("seg_free", unbound)], gone)),
    ["segment 0: it was bound to domain 7, and is unbound, on entry to seg_free (kernel call 1)"],
  );
});

test("one-domain holds for frames and grants of the segment's domain", (t) => {
  t.deepEqual(oneDomain.breaches(during(add, bound, [enter("hat_devload", framed)], framed)), []);
  t.deepEqual(oneDomain.breaches(resting(granted)), []);
});

test("one-domain: a frame or a grant of another domain", (t) => {
  const foreign = { kind: "foreign", mfn: 0x100n, domid: 9, writable: true } as const;
  t.deepEqual(oneDomain.breaches(resting(withPte(framed, 0, 0, foreign))), [
    "segment 0, page 0: its PTE maps frame 0x100 of domain 9, but the segment is bound to domain 7",
  ]);
  const grant = { kind: "grant", gref: 5, handle: 1, domid: 9, writable: true } as const;
  t.deepEqual(oneDomain.breaches(resting(withPte(granted, 0, 1, grant))), [
    "segment 0, page 1: its PTE maps grant 1 (ref 5 of domain 9), but the segment is bound to domain 7",
  ]);
});

test("one-domain: at a kernel call only, and while the segment is unbound", (t) => {
  const early = withPte(unbound, 0, 0, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true });
  t.deepEqual(oneDomain.breaches(during(add, unbound, [enter("hat_unload", early)], framed)), [
    "segment 0, page 0: its PTE maps frame 0x100 of domain 7, but the segment is bound to none, " +
      "on entry to hat_unload (kernel call 0)",
  ]);
});

test("write-permission of frames is the segment's protections", (t) => {
  t.deepEqual(writePermission.breaches(resting(framed)), []);
  const readOnly = observationOf(state(segment([mfn(0x100), EMPTY], { prot: "rx" })));
  t.deepEqual(writePermission.breaches(resting(readOnly)), []);
  const writable = withPte(readOnly, 0, 0, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true });
  t.deepEqual(writePermission.breaches(resting(writable)), [
    "segment 0, page 0: its PTE is writable, but the segment's protections are rx",
  ]);
  t.deepEqual(writePermission.breaches(during(add, readOnly, [enter("hat_unload", writable)])), [
    "segment 0, page 0: its PTE is writable, but the segment's protections are rx, " +
      "on entry to hat_unload (kernel call 0)",
  ]);
});

test("write-permission of frames while the segment is being made", (t) => {
  const readOnly = observationOf(state(segment([EMPTY, EMPTY], { prot: "r" })));
  const child = observationOf(
    state(segment([EMPTY, EMPTY], { prot: "r" }), segment([mfn(0x100), EMPTY], { prot: "r" })),
  );
  const writable = withPte(child, 1, 0, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true });
  const dup: Call = { call: "dup", seg: 0, into: 1 };
  const stopped = withSegment(writable, 1, null);
  const says = (prot: string) =>
    `segment 1, page 0: its PTE is writable, but the segment's protections are ${prot}, on entry to vop_addmap (kernel call 0)`;
  t.deepEqual(writePermission.breaches(during(dup, readOnly, [enter("vop_addmap", writable)], stopped, "x")), [
    says("r"),
  ]);
  const create: Call = { call: "create", seg: 1, prot: "x", maxprot: "rwx" };
  t.deepEqual(writePermission.breaches(during(create, readOnly, [enter("vop_addmap", writable)], stopped, "x")), [
    says("x"),
  ]);
});

test("write-permission of a new grant is what the call asks for", (t) => {
  const says = ["segment 0, page 1: its PTE maps grant 1 (ref 5 of domain 7) writable, but nobody asked for that"];
  t.deepEqual(writePermission.breaches(during(refs, bound, [], granted)), []);
  t.deepEqual(writePermission.breaches(during({ ...refs, writable: false }, bound, [], granted)), says);
  t.deepEqual(writePermission.breaches(during({ ...refs, page: 0 }, bound, [], granted)), says);
  t.deepEqual(writePermission.breaches(during({ ...refs, seg: 1 }, bound, [], granted)), says);
  t.deepEqual(writePermission.breaches(during(add, bound, [], granted)), says);
  // Also while the record doesn't show it yet, and where the record was made to agree.
  const recordless = withRecord(granted, 0, 1, { type: "empty" });
  t.deepEqual(writePermission.breaches(during(refs, bound, [enter("hat_unload", recordless)])), []);
  t.deepEqual(
    writePermission.breaches(during({ ...refs, writable: false }, bound, [enter("hat_unload", recordless)])),
    [`${says[0]}, on entry to hat_unload (kernel call 0)`],
  );
});

test("write-permission of an older grant is what its record says, if one has it", (t) => {
  const record = { type: "gref", gref: 5, writable: false, mapped: true, handle: 1, pte_ma: 0x9008n } as const;
  t.deepEqual(writePermission.breaches(resting(granted)), []);
  t.deepEqual(writePermission.breaches(resting(withRecord(granted, 0, 1, record))), [
    "segment 0, page 1: its PTE maps grant 1 (ref 5 of domain 7) writable, but nobody asked for that",
  ]);
  // A record of another grant, or of none: the page is being redefined, or a grant was leaked.
  for (const other of [{ ...record, handle: 2 }, { ...record, mapped: false }, { type: "empty" } as const]) {
    t.deepEqual(writePermission.breaches(resting(withRecord(granted, 0, 1, other))), []);
  }
});
