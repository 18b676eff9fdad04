import fc from "fast-check";
import type { Call } from "../../impl/driver.js";
import { answersArbitrary } from "./answers.arbitrary.js";
import { callArbitrary } from "./call.arbitrary.js";
import { follow, type Life } from "./order.js";
import { ALL_SUCCEED, type Answers, type Scenario, type Step } from "./scenario.js";

/** A step before it is known which segments are there; `pick` chooses among them. */
interface Draft {
  readonly call: Call;
  readonly answers: Answers;
  readonly pick: number;
}

/** A scenario that can be run, in normal form: `parseScenario(formatScenario(it))` equals it. */
export function scenarioArbitrary(limits: { readonly maxSteps?: number } = {}): fc.Arbitrary<Scenario> {
  const { maxSteps = 20 } = limits;
  const size = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constantFrom(17, 512));
  return size.chain((pages) =>
    fc
      .array(draftArbitrary(pages), { maxLength: maxSteps })
      .map((drafts) => ({ pages, steps: inOrder(drafts, pages) })),
  );
}

function draftArbitrary(pages: number): fc.Arbitrary<Draft> {
  return callArbitrary(pages).chain((call) =>
    fc.record(
      {
        call: fc.constant(call),
        // Without this most segments would be stillborn and most scenarios over soon.
        answers: fc.oneof({ weight: 2, arbitrary: fc.constant(ALL_SUCCEED) }, answersArbitrary(call.call)),
        pick: fc.nat(),
      },
      { noNullPrototype: true },
    ),
  );
}

/** The drafts that can be made steps, on segments that take their calls; a `create` where there is none to begin with. */
function inOrder(drafts: readonly Draft[], pages: number): readonly Step[] {
  const lives: Life[] = [];
  const steps: Step[] = [];
  for (const draft of drafts) {
    const step = seat(draft, lives);
    if (step === null) continue;
    follow(step, pages, lives);
    steps.push(step);
  }
  return steps;
}

function seat({ call, answers, pick }: Draft, lives: readonly Life[]): Step | null {
  const next = lives.length;
  if (call.call === "create") return { call: { ...call, seg: next }, answers };
  if (next === 0) return { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED };
  const wanted = call.call === "free" ? "stillborn" : "live";
  const takers = [...lives.keys()].filter((seg) => lives[seg] === wanted);
  const seg = takers[pick % takers.length];
  if (seg === undefined) return null;
  return { call: call.call === "dup" ? { ...call, seg, into: next } : { ...call, seg }, answers };
}
