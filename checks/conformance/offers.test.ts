import test from "ava";
import type { Moment, Observation, Outcome } from "../../impl/driver.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import { mayMatterToWaiters, Offers } from "./offers.js";
import { Specification, type SpecState } from "./specification.js";
import { driverWith, machine, Twisted } from "./testing/drivers.js";
import { create, frames, unmap } from "./testing/steps.js";
import { textOf } from "./text.js";

const scope = defineScope({ pages: 1, domids: [7] });

function outcome(counts: readonly (number | null)[], calls: Outcome["calls"] = []): Outcome {
  const moments = counts.map(
    (softlockcnt, at): Moment => ({
      at,
      segments: softlockcnt === null ? [] : [{ seg: 1, domid: 7, softlockcnt, map: [], ptes: [] }],
      held: [],
    }),
  );
  return { ret: 0, panic: null, calls, asked: [], moments, touched: null };
}

test("a waiter could tell a difference where softlockcnt falls to 0, also for an instant or with its segment", (t) => {
  t.true(mayMatterToWaiters(outcome([1, 0]), 1));
  t.true(mayMatterToWaiters(outcome([0, 1, 0, 1]), 1));
  t.true(mayMatterToWaiters(outcome([2, null]), 1));
  t.true(mayMatterToWaiters(outcome([-1, 0]), 1));
  t.false(mayMatterToWaiters(outcome([0, 1, 2, 1]), 1));
  t.false(mayMatterToWaiters(outcome([0, 0]), 1));
  t.false(mayMatterToWaiters(outcome([]), 1));
  t.false(mayMatterToWaiters(outcome([1, 0]), 0), "another segment's waiters don't care");
});

test("and where the driver looks for waiters", (t) => {
  t.true(mayMatterToWaiters(outcome([0], [{ fn: "as_isunmapwait", seg: 1, waiting: false }]), 1));
  t.false(mayMatterToWaiters(outcome([0], [{ fn: "mutex_enter", lock: "segment", seg: 1 }]), 1));
});

/** The state after a segment was created, and after a frame was added to it. */
function states(): { readonly created: SpecState; readonly framed: SpecState } {
  const specification = new Specification(sizeOf(scope));
  const created = specification.perform(specification.initial, create(), []).next;
  return { created, framed: specification.perform(created, frames(0, 1), []).next };
}

const OBSERVED: Observation = {
  segments: [],
  pageTables: [],
  grants: [],
  vnode: { holds: 1, mappedPages: 1 },
  memory: { blocks: 2 },
  waiting: [false],
  heldLocks: [],
};

test("the same call with a waiter is offered where the alphabet does not offer it anyway", (t) => {
  const offers = new Offers(scope);
  const { created, framed } = states();
  const named = (state: SpecState, call: object) => offers.in(state).find(({ key }) => key === textOf(call));
  const whole = named(created, unmap(1));
  const sameLater = named(framed, unmap(1));
  if (whole === undefined || sameLater === undefined) return t.fail("it is offered");
  t.is(whole, sameLater, "one object a call");
  const waiting = offers.withWaiter(whole, created, OBSERVED);
  t.deepEqual(waiting?.call, { ...unmap(1), waiting: true });
  t.is(offers.withWaiter(sameLater, framed, OBSERVED), null, "offered anyway: the frame's soft lock goes");
  t.truthy(named(framed, { ...unmap(1), waiting: true }));
  t.is(offers.withWaiter(whole, created, { ...OBSERVED, waiting: [true] }), null, "somebody waits already");
  if (waiting !== null) t.is(offers.withWaiter(waiting, created, OBSERVED), null);
  t.is(new Offers(defineScope({ ...scope, faults: new Set() })).withWaiter(whole, created, OBSERVED), null);
});

test("a driver that looks for waiters where the contract does not is tried with one there", async (t) => {
  const tried = new Set<string>();
  const curious = new Twisted(driverWith([], machine(1)), {
    perform: (call, answers, real) => {
      if (call.waiting === true) tried.add(call.call);
      const done = real.perform(call, answers);
      const look = { fn: "as_isunmapwait", seg: call.seg, waiting: call.waiting === true };
      return call.call === "getprot" ? { ...done, calls: [...done.calls, look] } : done;
    },
  });
  const { report } = await exploreProduct(new Specification(sizeOf(scope)), curious, scope);
  t.deepEqual([...tried].sort(), ["add_grefs", "add_mfns", "getprot", "unmap"]);
  t.is(report.violatingEdges, 0);
});
