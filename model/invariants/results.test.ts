import test from "ava";
import type { Call } from "../../impl/driver.js";
import type { Verdict } from "../expectation.js";
import { EMPTY, judged, observationOf, segment, state } from "./fixture.js";
import { kernelContract, resultExact } from "./results.js";

const rest = state(segment([EMPTY, EMPTY]));
const before = observationOf(rest);
const release: Call = { call: "release_grefs", seg: 0, page: 0, count: 3 };
const unmap = (addr: number, len: number): Call => ({ call: "unmap", seg: 0, addr, len });
const says = (verdict: Verdict, ret: number | null) => ({ verdict, ret, after: rest });

test("result-exact holds where the call returns what it must", (t) => {
  t.deepEqual(resultExact.breaches(judged({ call: release, before, expectation: says("refused", -1), ret: -1 })), []);
  const nothing: Call = { call: "add_gref_pte", seg: 0, page: 9, pte_ma: 0n };
  t.deepEqual(resultExact.breaches(judged({ call: nothing, before, expectation: says("succeeded", null) })), []);
});

test("result-exact: another value, a value for nothing, nothing for a value", (t) => {
  const of = (must: number | null, ret: number | null) =>
    resultExact.breaches(judged({ call: release, before, expectation: says("refused", must), ret }));
  t.deepEqual(of(-1, 0), ["release_grefs of segment 0 returned 0, but must return -1"]);
  t.deepEqual(of(null, 0), ["release_grefs of segment 0 returned 0, but must return nothing"]);
  t.deepEqual(of(0, null), ["release_grefs of segment 0 returned nothing, but must return 0"]);
});

test("result-exact: a return where section 3 says panic", (t) => {
  const call = unmap(0x800, 0x1000);
  t.deepEqual(resultExact.breaches(judged({ call, before, expectation: says("panics", null), ret: 48 })), [
    "unmap of segment 0 returned 48, but must panic",
  ]);
});

test("kernel-contract holds without a panic, and where one must be", (t) => {
  t.deepEqual(kernelContract.breaches(judged({ call: release, before, expectation: says("refused", -1) })), []);
  const call = unmap(0x800, 0x1000);
  const panic = "driver panic";
  t.deepEqual(kernelContract.breaches(judged({ call, before, expectation: says("panics", null), panic })), []);
});

test("kernel-contract: a panic that section 3 doesn't prescribe, whatever the specification's verdict", (t) => {
  for (const verdict of ["succeeded", "failed", "refused"] as const) {
    const told = judged({ call: release, before, expectation: says(verdict, -1), panic: "assertion failed" });
    t.deepEqual(kernelContract.breaches(told), ["release_grefs of segment 0 made the kernel panic: assertion failed"]);
  }
});

test("kernel-contract without a reference: the range of an unmap tells", (t) => {
  const of = (call: Call) =>
    kernelContract.breaches(judged({ call, before, expectation: null, panic: "driver panic" }));
  for (const [addr, len] of [
    [0x800, 0x1000],
    [0, 0x1001],
    [0, 0x3000],
    [0x2000, 0x1000],
    [-0x1000, 0x1000],
  ] as const) {
    t.deepEqual(of(unmap(addr, len)), [], `${addr}, ${len}`);
  }
  for (const [addr, len] of [
    [0, 0x2000],
    [0x1000, 0x1000],
    [0x2000, 0],
    [0, 0],
  ] as const) {
    t.deepEqual(of(unmap(addr, len)), ["unmap of segment 0 made the kernel panic: driver panic"], `${addr}, ${len}`);
  }
  t.deepEqual(of(release), ["release_grefs of segment 0 made the kernel panic: driver panic"]);
});
