import test from "ava";
import type { Answered, Call } from "../../impl/driver.js";
import { Specification, type SpecState } from "./specification.js";
import { create, dup, frames, grants, register, release, unmap } from "./testing/steps.js";

const SIZE = { pages: 2, forks: 1, maxGrefs: 16 };

/** A specification, and its state after calls whose questions are all answered with success. */
function after(...calls: readonly Call[]): { readonly specification: Specification; readonly state: SpecState } {
  const specification = new Specification(SIZE);
  const state = calls.reduce((from, call) => specification.perform(from, call, []).next, specification.initial);
  return { specification, state };
}

const CREATED = [create(), register(0), register(1)];
const whole = (op: number, count: number, answer = 0): Answered => ({
  question: { kind: "map_grant_ref", op, count },
  answer,
});
const status = (op: number, element: number, answer = 0): Answered => ({
  question: { kind: "map_grant_ref_status", op, element },
  answer,
});

test("a state is one object, whichever way leads to it", (t) => {
  const { specification, state } = after(...CREATED, frames(0, 1));
  const same = [create(), register(1), register(0), frames(0, 1)].reduce(
    (from, call) => specification.perform(from, call, []).next,
    specification.initial,
  );
  t.is(same, state);
  t.is(specification.size, 6);
  t.is(specification.initial.id, 0);
});

test("an answer that was not asked for is success (D4)", (t) => {
  const { specification, state } = after(...CREATED);
  const step = specification.perform(state, frames(0, 2), []);
  t.like(step.expectation, { verdict: "succeeded", ret: 0 });
  t.deepEqual(step.expectation.after, step.next.expected);
});

test("answers are told apart by what they are about", (t) => {
  const { specification, state } = after(...CREATED);
  const about = (page: number): Answered => ({ question: { kind: "update_va_mapping", seg: 0, page }, answer: -22 });
  const second = specification.perform(state, frames(0, 2), [about(1)]);
  t.is(second.expectation.verdict, "failed");
  t.is(specification.perform(state, frames(1, 1), [about(0)]).expectation.verdict, "succeeded");
});

test("a driver that makes a hypercall for each element fails element by element", (t) => {
  const { specification, state } = after(...CREATED);
  const verdict = (...asked: readonly Answered[]) =>
    specification.perform(state, grants(0, 2), asked).expectation.verdict;
  t.is(verdict(whole(0, 2), status(0, 0), status(0, 1)), "succeeded");
  t.is(verdict(whole(0, 2, -22)), "failed");
  t.is(verdict(whole(0, 1), status(0, 0), whole(1, 1), status(1, 0)), "succeeded");
  t.is(verdict(whole(0, 1), status(0, 0), whole(1, 1), status(1, 0, -1)), "failed");
  t.is(verdict(whole(0, 1), status(0, 0), whole(1, 1, -22)), "failed");
});

test("elements are counted over all hypercalls of a call", (t) => {
  const three = new Specification({ pages: 3, forks: 0, maxGrefs: 16 });
  const state = [create(), register(0), register(1), register(2)].reduce(
    (from, call) => three.perform(from, call, []).next,
    three.initial,
  );
  const verdict = (...asked: readonly Answered[]) => three.perform(state, grants(0, 3), asked).expectation.verdict;
  t.is(verdict(whole(0, 2), status(0, 0), status(0, 1), whole(1, 1), status(1, 0)), "succeeded");
  t.is(verdict(whole(0, 2), status(0, 0), status(0, 1), whole(1, 1), status(1, 0, -1)), "failed");
  t.is(verdict(whole(0, 2), status(0, 0), status(0, 1), whole(1, 1, -22)), "failed");
});

test("what is remembered of a call is told apart by the length of its hypercalls", (t) => {
  const { specification, state } = after(...CREATED);
  const verdict = (count: number) => {
    const asked = [whole(0, count), status(0, 0), whole(1, 1), status(1, 0, -1)];
    return specification.perform(state, grants(0, 2), asked).expectation.verdict;
  };
  t.is(verdict(2), "succeeded", "what is refused is an element after the last of the call");
  t.is(verdict(1), "failed", "what is refused is the second element");
  t.is(verdict(2), "succeeded");
});

test("a release fails as a whole, or by the element", (t) => {
  const { specification, state } = after(...CREATED, grants(0, 2));
  const answered = (kind: "unmap_grant_ref" | "unmap_grant_ref_status", at: number, answer: number): Answered => ({
    question: kind === "unmap_grant_ref" ? { kind, op: at, count: 2 } : { kind, op: 0, element: at },
    answer,
  });
  const kept = (...asked: readonly Answered[]) =>
    specification.perform(state, release(0, 2), asked).expectation.after.segments[0]?.pages.map(({ type }) => type);
  t.deepEqual(kept(), ["empty", "empty"]);
  t.deepEqual(kept(answered("unmap_grant_ref", 0, -22)), ["gref", "gref"]);
  t.deepEqual(kept(answered("unmap_grant_ref", 0, 0), answered("unmap_grant_ref_status", 1, -1)), ["empty", "gref"]);
  const one = (op: number, answer: number): Answered => ({
    question: { kind: "unmap_grant_ref", op, count: 1 },
    answer,
  });
  t.deepEqual(kept(one(0, -22), one(1, 0)), ["gref", "empty"], "each hypercall for itself");
  t.deepEqual(kept(one(0, 0), one(1, -22)), ["empty", "gref"]);
});

test("the questions of a call are those that the chart waits for, in order", (t) => {
  const { specification, state } = after(...CREATED);
  const kinds = (call: Call, asked: readonly Answered[]) =>
    specification.questions(state, call, asked).map(({ kind }) => kind);
  t.deepEqual(kinds(frames(0, 2), []), ["update_va_mapping", "update_va_mapping"]);
  const refused: Answered = { question: { kind: "update_va_mapping", seg: 0, page: 0 }, answer: -22 };
  t.deepEqual(kinds(frames(0, 2), [refused]), ["update_va_mapping"]);
  t.deepEqual(kinds(grants(0, 1), []), ["map_grant_ref", "map_grant_ref_status"]);
  t.deepEqual(kinds(grants(0, 1), [whole(0, 1, -22)]), ["map_grant_ref"]);
  t.deepEqual(kinds(dup(), []), ["addmap"]);
  t.deepEqual(kinds(frames(0, 0), []), []);
});

test("a call is enabled only on a segment that is there", (t) => {
  const { specification, state } = after(...CREATED);
  t.true(specification.enables(state, frames(0, 1)));
  t.false(specification.enables(state, frames(0, 1, { seg: 1 })));
  t.false(specification.enables(state, create()));
  t.false(specification.enables(specification.initial, frames(0, 1)));
  t.throws(() => specification.perform(specification.initial, frames(0, 1), []), {
    message: /^the specification does not enable /,
  });
});

test("after the panic that section 3 prescribes there is nothing to see, and nothing enabled", (t) => {
  const { specification, state } = after(...CREATED);
  const { next, expectation } = specification.perform(state, { ...unmap(2), addr: 1 } as Call, []);
  t.is(expectation.verdict, "panics");
  t.deepEqual(next.expected, { segments: [] });
  t.false(specification.enables(next, frames(0, 1)));
});
