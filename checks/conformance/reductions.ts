import type { Call } from "../../impl/driver.js";
import { type Answers, PAGE_SIZE, type Step } from "../../traces/scenario/scenario.js";
import { isLess, weightOf } from "./findings.js";
import { candidates, fit, moved, type Reducible } from "./shrink.js";
import { textOf } from "./text.js";

/**
 * Every way to make a user's scenario simpler by one change: those of `candidates`, and what explored scenarios have no need of.
 * A step that is left out takes with it what can't be made without it, and segments are numbered anew; large numbers are halved;
 * pages that several calls name go down together; calls go to an earlier segment; failures come sooner; arguments become the usual ones. Each is less than `current` in steps, else in pages, else in weight,
 * else in what is unusual about it.
 */
export function* reductions<S extends Step>(current: Reducible<S>): Generator<Reducible<S>> {
  const { pages, steps } = current;
  yield* halves(current);
  yield* candidates(current);
  yield* lowered(current);
  for (let i = 0; i < steps.length - 1; i++) {
    const fewer = without(steps, i, 1);
    if (fewer !== null) yield { pages, steps: fewer };
  }
  for (const [i, step] of steps.entries()) {
    for (const call of plainerCalls(step.call, pages)) {
      yield { pages, steps: steps.with(i, { ...step, call }) };
    }
    for (const answers of earlierFailures(step.answers)) {
      yield { pages, steps: steps.with(i, { ...step, answers }) };
    }
  }
}

/**
 * The steps without some that follow one another: what is made of a segment that has not come to be then is left out too, and
 * segments are numbered in the order in which they still come to be. `null` if the last step would be left out.
 */
export function without<S extends Step>(steps: readonly S[], from: number, count: number): readonly S[] | null {
  /** The new numbers of the segments that still come to be, by the old ones. */
  const numbers = new Map<number, number>();
  const left: S[] = [];
  let lastIsLeft = false;
  let made = 0;
  for (const [i, step] of steps.entries()) {
    const { call } = step;
    const born = call.call === "create" || call.call === "dup" ? made++ : null;
    const next = numbers.size;
    const seg = call.call === "create" ? next : numbers.get(call.seg);
    if ((i >= from && i < from + count) || seg === undefined) continue;
    if (born !== null) numbers.set(born, next);
    left.push({ ...step, call: call.call === "dup" ? { ...call, seg, into: next } : { ...call, seg } });
    lastIsLeft = i === steps.length - 1;
  }
  return lastIsLeft ? left : null;
}

/** What is large by half: otherwise it would go down one by one. */
function* halves<S extends Step>({ pages, steps }: Reducible<S>): Generator<Reducible<S>> {
  const half = pages >> 1;
  if (half > 1) yield { pages: half, steps: steps.map((step) => fit(step, pages, half)) };
  for (const [i, step] of steps.entries()) {
    for (const call of halvedCalls(step.call)) {
      const candidate = steps.with(i, { ...step, call });
      if (isLess(weightOf(candidate), weightOf(steps))) yield { pages, steps: candidate };
    }
  }
}

function* halvedCalls(call: Call): Generator<Call> {
  if ("count" in call && call.count > 3) yield { ...call, count: call.count >> 1 };
  if ("page" in call && call.page > 3) yield moved(call, call.page >> 1);
}

/** All pages from one on moved down together, over the gap below them or else onto the next lower one: calls often name a page together. */
function* lowered<S extends Step>({ pages, steps }: Reducible<S>): Generator<Reducible<S>> {
  const named = [...new Set(steps.flatMap(({ call }) => ("page" in call ? [call.page] : [])))].sort((a, b) => a - b);
  for (const [i, page] of named.entries()) {
    const by = Math.max(1, page - (named[i - 1] ?? -1) - 1);
    if (page < by) continue;
    const candidate = steps.map((step): S => {
      const { call } = step;
      return "page" in call && call.page >= page ? { ...step, call: moved(call, call.page - by) } : step;
    });
    if (isLess(weightOf(candidate), weightOf(steps))) yield { pages, steps: candidate };
  }
}

/** The answers with one success before a failure left out, so that it comes sooner. */
function* earlierFailures(answers: Answers): Generator<Answers> {
  for (const update_va_mapping of withoutOneSuccess(answers.update_va_mapping)) yield { ...answers, update_va_mapping };
  for (const kind of ["map_grant_ref", "unmap_grant_ref"] as const) {
    for (const [i, hypercall] of answers[kind].entries()) {
      for (const status of withoutOneSuccess(hypercall.status)) {
        yield { ...answers, [kind]: answers[kind].with(i, { ...hypercall, status }) };
      }
    }
  }
}

function* withoutOneSuccess(codes: readonly number[]): Generator<readonly number[]> {
  for (const [i, code] of codes.entries()) if (code === 0) yield codes.toSpliced(i, 1);
}

/** The call with one argument as explored scenarios have it that is not so; arguments that `candidates` changes are left out. */
function* plainerCalls(call: Call, pages: number): Generator<Call> {
  if (call.call !== "create" && call.seg > 0) yield { ...call, seg: 0 };
  if (call.call !== "create" && call.seg > 1) yield { ...call, seg: call.seg - 1 };
  if ("foreign" in call) {
    const { foreign: _foreign, ...rest } = call;
    yield rest;
  }
  const usual = usualCall(call, pages);
  if (textOf(usual) !== textOf(call)) yield usual;
}

/** The call with its one argument as usual that is neither a range nor simple. */
function usualCall(call: Call, pages: number): Call {
  switch (call.call) {
    case "create":
      return { ...call, maxprot: "rwx" };
    case "add_mfns":
      return { ...call, mfn: 0x100 + call.page };
    case "add_gref_pte":
      return { ...call, pte_ma: 0x9000n + 8n * BigInt(call.page) };
    case "add_grefs":
      return { ...call, grefs: call.grefs.map((_gref, i) => 5 + call.page + i) };
    case "unmap":
      return { ...call, addr: 0, len: pages * PAGE_SIZE };
    case "fault":
      return { ...call, rw: "read" };
    default:
      return call;
  }
}
