import test from "ava";
import fc from "fast-check";
import type { Answered, Question } from "../../impl/driver.js";
import { answersArbitrary } from "./answers.arbitrary.js";
import { answersFrom, scenarioOf } from "./record.js";
import { ALL_SUCCEED, type Answers } from "./scenario.js";
import { answersOf } from "./script.js";

const addmap: Question = { kind: "addmap", seg: 0 };
const update = (page: number): Question => ({ kind: "update_va_mapping", seg: 0, page });
const map = (op: number): Question => ({ kind: "map_grant_ref", op, count: 2 });
const mapStatus = (op: number, element: number): Question => ({ kind: "map_grant_ref_status", op, element });
const unmap = (op: number): Question => ({ kind: "unmap_grant_ref", op, count: 2 });
const unmapStatus = (op: number, element: number): Question => ({ kind: "unmap_grant_ref_status", op, element });

function ask(answers: Partial<Answers>, ...questions: readonly Question[]): readonly number[] {
  const source = answersOf({ answers: { ...ALL_SUCCEED, ...answers } });
  return questions.map((question) => source.answer(question));
}

test("what is left out is success", (t) => {
  t.deepEqual(ask({}, addmap, update(0), map(0), mapStatus(0, 0), unmap(0), unmapStatus(3, 3)), [0, 0, 0, 0, 0, 0]);
});

test("addmap is answered once", (t) => {
  t.deepEqual(ask({ addmap: 12 }, addmap, addmap), [12, 0]);
});

test("frames are answered in the order in which they are asked for, whatever their pages", (t) => {
  t.deepEqual(ask({ update_va_mapping: [0, -22, -1] }, update(5), update(0), update(5), update(1)), [0, -22, -1, 0]);
});

test("grants are answered by hypercall and element", (t) => {
  const answers = {
    map_grant_ref: [
      { rc: 0, status: [0, -1] },
      { rc: -14, status: [-2] },
    ],
    unmap_grant_ref: [{ rc: -3, status: [0, 0, -4] }],
  };
  // Element 0 of the first is refused by the hypervisor itself: its answer is not used up by element 1.
  t.deepEqual(ask(answers, map(0), mapStatus(0, 1), map(1), mapStatus(1, 0), map(2)), [0, -1, -14, -2, 0]);
  t.deepEqual(ask(answers, unmap(0), unmapStatus(0, 2), unmapStatus(0, 1), unmap(1)), [-3, -4, 0, 0]);
});

test("each source starts from the beginning", (t) => {
  const step = { answers: { ...ALL_SUCCEED, update_va_mapping: [-22] } };
  t.deepEqual([answersOf(step).answer(update(0)), answersOf(step).answer(update(0))], [-22, -22]);
});

test("a record is in normal form, and says nothing of what was not asked", (t) => {
  const asked: readonly Answered[] = [
    { question: update(1), answer: -22 },
    { question: update(2), answer: 0 },
    { question: map(0), answer: 0 },
    { question: mapStatus(0, 2), answer: -1 },
    { question: mapStatus(0, 3), answer: 0 },
    { question: map(1), answer: 0 },
  ];
  const expected = { ...ALL_SUCCEED, update_va_mapping: [-22], map_grant_ref: [{ rc: 0, status: [0, 0, -1] }] };
  t.deepEqual(answersFrom(asked), expected);
  t.deepEqual(answersFrom([]), ALL_SUCCEED);
  t.deepEqual(answersFrom([{ question: unmap(1), answer: -1 }]).unmap_grant_ref, [
    { rc: 0, status: [] },
    { rc: -1, status: [] },
  ]);
  const call = { call: "free", seg: 0 } as const;
  t.deepEqual(scenarioOf(3, [{ call, asked: [] }]), { pages: 3, steps: [{ call, answers: ALL_SUCCEED }] });
});

test("what no script can answer again is no scenario", (t) => {
  const twice = (answer: number): readonly Answered[] => [
    { question: addmap, answer: 0 },
    { question: addmap, answer },
  ];
  t.deepEqual(answersFrom(twice(0)), ALL_SUCCEED);
  t.throws(() => answersFrom(twice(12)), { instanceOf: RangeError });
});

/** Questions as a kernel asks them: hypercalls numbered from 0, elements of the one under way in order, some skipped. */
const questions: fc.Arbitrary<readonly Question[]> = fc
  .array(
    fc.record({ kind: fc.constantFrom("update", "map", "unmap"), asked: fc.array(fc.boolean(), { maxLength: 5 }) }),
    { maxLength: 8 },
  )
  .map((drafts) => {
    const ops = { map: 0, unmap: 0 };
    return drafts.flatMap(({ kind, asked }): readonly Question[] => {
      if (kind === "update") return asked.map((_, page) => update(page));
      const op = ops[kind]++;
      const elements = [...asked.keys()].filter((element) => asked[element]);
      return kind === "map"
        ? [map(op), ...elements.map((element) => mapStatus(op, element))]
        : [unmap(op), ...elements.map((element) => unmapStatus(op, element))];
    });
  })
  .map((others) => [addmap, ...others]);

test("a recorded call is answered the same again", (t) => {
  fc.assert(
    fc.property(questions, answersArbitrary("release_grefs"), (list, answers) => {
      const source = answersOf({ answers });
      const asked = list.map((question) => ({ question, answer: source.answer(question) }));
      const again = answersOf({ answers: answersFrom(asked) });
      t.deepEqual(
        list.map((question) => again.answer(question)),
        asked.map(({ answer }) => answer),
      );
    }),
  );
});
