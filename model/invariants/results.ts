import type { Returned } from "../../impl/driver.js";
import { PAGE_BYTES } from "../constants.js";
import type { Judged } from "../judged.js";
import { type CallInvariant, type HypercallInvariant, NONE } from "./invariant.js";
import { callWords } from "./words.js";

/** The invariants on how a call ends: what it returns, and that it returns at all. */

function returnedWords(ret: Returned): string {
  return ret === null ? "nothing" : `${ret}`;
}

function resultBreaches(judged: Judged): readonly string[] {
  const { call, outcome, expectation } = judged;
  if (expectation === null) return NONE;
  if (expectation.verdict === "panics") {
    return [`${callWords(call)} returned ${returnedWords(outcome.ret)}, but must panic`];
  }
  if (outcome.ret === expectation.ret) return NONE;
  return [
    `${callWords(call)} returned ${returnedWords(outcome.ret)}, but must return ${returnedWords(expectation.ret)}`,
  ];
}

/**
 * Must this call panic? (Whose panic it then is, the driver's own or the kernel's, section 3 leaves open.) Without a reference the call itself says so: section 3 prescribes a panic for one thing only,
 * an `unmap` of a range that is not page-aligned or not inside its segment.
 */
function panicIsPrescribed({ call, expectation, machine }: Judged): boolean {
  if (expectation !== null) return expectation.verdict === "panics";
  if (call.call !== "unmap") return false;
  const { addr, len } = call;
  return addr % PAGE_BYTES !== 0 || len % PAGE_BYTES !== 0 || addr < 0 || addr + len > machine.pages * PAGE_BYTES;
}

function panicBreaches(judged: Judged): readonly string[] {
  const { panic } = judged.outcome;
  if (panic === null || panicIsPrescribed(judged)) return NONE;
  return [`${callWords(judged.call)} made the kernel panic: ${panic}`];
}

/** A call that panicked returned nothing to compare: that is `kernel-contract`'s. */
export const resultExact: CallInvariant = {
  id: "result-exact",
  prose: "A call returns what section 3 says, or panics where it says so.",
  section: "5",
  clauses: [
    "2.passive",
    "3.create.stillborn",
    "3.adds.refusals",
    "3.adds.all-or-nothing",
    "3.release_grefs.limits",
    "3.release_grefs.failed",
    "3.dup.stillborn",
    "3.unmap.part",
    "3.fault",
  ],
  scope: "call",
  concerns: () => true,
  breaches: resultBreaches,
};

export const kernelContract: HypercallInvariant = {
  id: "kernel-contract",
  prose: "The driver never makes the kernel panic, save for the one panic that section 3 prescribes.",
  section: "5",
  clauses: ["3.unmap.bad-range", "4.hat.load", "4.hat.unload", "4.vnode", "4.kmem", "4.mutex", "4.debug"],
  scope: "hypercall",
  breaches: panicBreaches,
};
