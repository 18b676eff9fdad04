import test from "ava";
import type { ContractInvariantId } from "../judged.js";
import { INVARIANTS } from "./list.js";
import { specification } from "./specification.js";

/** As contract section 5 lists them; † in the second column. */
const SECTION_5: readonly (readonly [id: ContractInvariantId, atHypercalls: boolean])[] = [
  ["result-exact", false],
  ["success-exact", false],
  ["empty-rollback", false],
  ["refusal-is-pure", false],
  ["softlock-nonnegative", true],
  ["softlock-exact", false],
  ["domid-once", true],
  ["map-is-truth", false],
  ["grant-owned-once", false],
  ["lock-balance", false],
  ["no-residue", false],
  ["vnode-balance", false],
  ["one-domain", true],
  ["write-permission", true],
  ["lock-discipline", true],
  ["wake", false],
  ["fork-isolation", false],
  ["freeable", false],
  ["kernel-contract", true],
];

test("the invariants are those of contract section 5, in its order, and † those it marks", (t) => {
  t.deepEqual(
    INVARIANTS.map(({ id, scope }) => [id, scope === "hypercall"]),
    SECTION_5.map((line) => [...line]),
  );
});

test("every invariant says what it is, in a sentence", (t) => {
  for (const { id, prose, section } of INVARIANTS) {
    t.is(section, "5", id);
    t.regex(prose, /^[A-Z].{30,}\.$/, id);
  }
  t.is(new Set(INVARIANTS.map(({ prose }) => prose)).size, INVARIANTS.length);
});

test("freeable alone is about the whole state space", (t) => {
  t.deepEqual(
    INVARIANTS.filter(({ scope }) => scope === "space").map(({ id }) => id),
    ["freeable"],
  );
});

test("our own invariant is not among the contract's", (t) => {
  t.is(specification.section, "3");
  t.false(INVARIANTS.some(({ id }) => id === specification.id));
});
