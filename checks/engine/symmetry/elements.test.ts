import test from "ava";
import type { EventObject } from "xstate";
import { CompiledSystem } from "../compiled/system.js";
import { commitEvents, twoPhaseCommit } from "../examples/two-phase-commit.js";
import { Acting } from "./acting.js";
import { orbitsOf } from "./actions.js";
import { allElements, assertProducts, someElements } from "./elements.js";
import type { AnySymmetry } from "./symmetry.js";
import { managers } from "./testkit.js";

function commit(n: number) {
  const events: readonly EventObject[] = commitEvents(n);
  const system = new CompiledSystem(twoPhaseCommit(n), events, undefined, new Map());
  const symmetry: object = managers(n);
  const acting = new Acting(system.compiled, orbitsOf(system.compiled, [symmetry as AnySymmetry]));
  return { system, acting, events: events.length };
}

test("all permutations, each once, and what two of them come to", (t) => {
  const { acting, events } = commit(4);
  const all = allElements(acting, events, 24);
  t.is(all?.elements.length, 24);
  t.is(new Set(all?.elements.map((element) => element.events.join())).size, 24);
  // A product with one action is a permutation of the elements that changes all of them.
  for (const action of acting.actions) {
    const column = all?.products.map((row) => row[action.number]);
    t.is(new Set(column).size, 24);
    t.true(column?.every((to, from) => to !== from));
  }
  t.is(allElements(acting, events, 23), null);
});

test("some permutations: those that make all others, and longer ones", (t) => {
  const { acting, events } = commit(7);
  const some = someElements(acting, events);
  t.is(some.length, 1 + 6 + 8);
  t.is(new Set(some.map((element) => element.events.join())).size, 15);
});

test("contexts that come to another by another way of renaming", (t) => {
  const { system, acting, events } = commit(3);
  const all = allElements(acting, events, 6);
  if (all === null) return t.fail();
  const prepared = system.next(system.initial(), { type: "rm.prepare", rm: 1 } as EventObject);
  const rest = acting.rests.of(prepared);
  const rests: number[] = [];
  for (const { parent, action } of all.elements) {
    rests.push(action === null ? rest : acting.rest(action, rests[parent] ?? rest));
  }
  t.is(new Set(rests).size, 3);
  t.notThrows(() => assertProducts(acting, all, rests));
  const others = rests.map((other, index) => (index === 5 ? acting.rests.of(system.initial()) : other));
  t.throws(() => assertProducts(acting, all, others), {
    message: /^`context` of the symmetry does not come to the same/,
  });
});
