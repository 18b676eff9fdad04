import type { Call } from "../../impl/driver.js";
import { withoutTrailingSuccesses } from "../../traces/scenario/answers.js";
import type { Answers, GrantAnswer, Step } from "../../traces/scenario/scenario.js";
import { isLess, weightOf } from "./findings.js";

/** A scenario under reduction: the segment's size and its steps, which keep what else they carry. */
export interface Reducible<S extends Step = Step> {
  readonly pages: number;
  readonly steps: readonly S[];
}

/**
 * Makes a failing scenario minimal: no step can be left out, no argument made simpler and no answer turned to success
 * without losing the finding. Greedy, deterministic; the result still satisfies `stillFails`.
 * @param stillFails whether a candidate shows the same finding at its last step.
 * @param simpler what is tried; each must be less than what it is made of by one measure, or it does not end.
 */
export async function shrink<S extends Step>(
  start: Reducible<S>,
  stillFails: (candidate: Reducible<S>) => Promise<boolean>,
  simpler: (current: Reducible<S>) => Iterable<Reducible<S>> = candidates,
): Promise<Reducible<S>> {
  let best = start;
  for (;;) {
    const better = await firstFailing(simpler(best), stillFails);
    if (better === null) return best;
    best = better;
  }
}

async function firstFailing<S extends Step>(
  simpler: Iterable<Reducible<S>>,
  stillFails: (candidate: Reducible<S>) => Promise<boolean>,
): Promise<Reducible<S> | null> {
  for (const candidate of simpler) if (await stillFails(candidate)) return candidate;
  return null;
}

/** Every way to make a scenario simpler by one change, the boldest first. */
export function* candidates<S extends Step>({ pages, steps }: Reducible<S>): Generator<Reducible<S>> {
  for (let i = 0; i < steps.length - 1; i++) yield { pages, steps: steps.filter((_step, at) => at !== i) };
  for (const fewer of new Set([1, pages - 1])) {
    if (fewer >= 1 && fewer < pages) yield { pages: fewer, steps: steps.map((step) => fit(step, pages, fewer)) };
  }
  for (const [i, step] of steps.entries()) {
    for (const simpler of simplerSteps(step)) {
      const candidate = steps.map((other, at) => (at === i ? simpler : other));
      if (isLess(weightOf(candidate), weightOf(steps))) yield { pages, steps: candidate };
    }
  }
}

/** The same step on a smaller segment: an unmap of the whole stays one. */
export function fit<S extends Step>(step: S, pages: number, fewer: number): S {
  const { call } = step;
  if (call.call !== "unmap" || call.addr !== 0 || call.len !== pages * 4096) return step;
  return { ...step, call: { ...call, len: fewer * 4096 } };
}

function* simplerSteps<S extends Step>(step: S): Generator<S> {
  for (const simpler of simplerCalls(step.call)) yield { ...step, call: simpler };
  for (const simpler of simplerAnswers(step.answers)) yield { ...step, answers: simpler };
}

function* simplerCalls(call: Call): Generator<Call> {
  if (call.waiting === true) {
    const { waiting: _waiting, ...rest } = call;
    yield rest;
  }
  if ("count" in call) {
    yield { ...call, count: 1 };
    if (call.count > 0) yield { ...call, count: call.count - 1 };
  }
  if ("grefs" in call && call.grefs.length > 0) {
    yield { ...call, grefs: call.grefs.slice(0, 1) };
    yield { ...call, grefs: call.grefs.slice(0, -1) };
  }
  if ("page" in call && call.page > 0) {
    yield moved(call, 0);
    yield moved(call, call.page - 1);
  }
  if ("domid" in call) yield { ...call, domid: 7 };
  if ("writable" in call) yield { ...call, writable: false };
  if (call.call === "create") yield { ...call, prot: "rw" };
}

/** The same call some pages lower; what is given for a page moves with it. */
export function moved(call: Extract<Call, { readonly page: number }>, page: number): Call {
  const by = call.page - page;
  if (call.call === "add_gref_pte") return { ...call, page, pte_ma: call.pte_ma - 8n * BigInt(by) };
  if (call.call === "add_mfns") return { ...call, page, mfn: Math.max(0, call.mfn - by) };
  if (call.call === "add_grefs") return { ...call, page, grefs: call.grefs.map((gref) => Math.max(0, gref - by)) };
  return { ...call, page };
}

/** The answers with one refusal turned to success. */
function* simplerAnswers(answers: Answers): Generator<Answers> {
  if (answers.addmap !== 0) yield { ...answers, addmap: 0 };
  for (const i of failing(answers.update_va_mapping)) {
    yield { ...answers, update_va_mapping: mended(answers.update_va_mapping, i) };
  }
  for (const kind of ["map_grant_ref", "unmap_grant_ref"] as const) {
    for (const simpler of simplerGrants(answers[kind])) yield { ...answers, [kind]: simpler };
  }
}

function* simplerGrants(hypercalls: readonly GrantAnswer[]): Generator<readonly GrantAnswer[]> {
  for (const [at, hypercall] of hypercalls.entries()) {
    const replace = (simpler: GrantAnswer) =>
      withoutTrailingSuccesses(
        hypercalls.map((other, i) => (i === at ? simpler : other)),
        ({ rc, status }) => rc === 0 && status.length === 0,
      );
    if (hypercall.rc !== 0) yield replace({ ...hypercall, rc: 0 });
    for (const i of failing(hypercall.status)) yield replace({ ...hypercall, status: mended(hypercall.status, i) });
  }
}

function failing(codes: readonly number[]): readonly number[] {
  return codes.flatMap((code, i) => (code === 0 ? [] : [i]));
}

/** The codes with one turned to success, in normal form. */
function mended(codes: readonly number[], at: number): readonly number[] {
  return withoutTrailingSuccesses(
    codes.map((code, i) => (i === at ? 0 : code)),
    (code) => code === 0,
  );
}
