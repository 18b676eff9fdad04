import test from "ava";
import type { Question } from "../../impl/driver.js";
import { FAULT_CLASSES, type FaultClass } from "../../model/scope.js";
import { BranchingAnswers } from "./branching.js";

const FRAME: Question = { kind: "update_va_mapping", seg: 0, page: 0 };
const ADDMAP: Question = { kind: "addmap", seg: 0 };
const STATUS: Question = { kind: "map_grant_ref_status", op: 0, element: 0 };

/** All sequences of answers to a call that asks as `ask` does. */
function sequences(faults: Iterable<FaultClass>, ask: (answer: (question: Question) => number) => void) {
  const all: (readonly number[])[] = [];
  for (let prefix: readonly boolean[] | null = []; prefix !== null; ) {
    const answers: BranchingAnswers = new BranchingAnswers(new Set(faults), prefix);
    const given: number[] = [];
    ask((question) => {
      const answer = answers.answer(question);
      given.push(answer);
      return answer;
    });
    all.push(given);
    prefix = answers.next();
  }
  return all;
}

test("every sequence of answers is given once, success first", (t) => {
  const twoFrames = sequences(["update_va_mapping"], (answer) => {
    answer(FRAME);
    answer(FRAME);
  });
  t.deepEqual(twoFrames, [
    [0, 0],
    [0, -22],
    [-22, 0],
    [-22, -22],
  ]);
});

test("what is asked may depend on what was answered", (t) => {
  const untilRefused = sequences(["update_va_mapping"], (answer) => {
    for (let page = 0; page < 3; page++) if (answer(FRAME) !== 0) return;
  });
  t.deepEqual(untilRefused, [[0, 0, 0], [0, 0, -22], [0, -22], [-22]]);
});

test("only what may fail fails", (t) => {
  const mixed = sequences(["map_grant_ref_status"], (answer) => {
    answer(FRAME);
    answer(STATUS);
    answer(FRAME);
  });
  t.deepEqual(mixed, [
    [0, 0, 0],
    [0, -1, 0],
  ]);
  t.deepEqual(
    sequences([], (answer) => answer(FRAME)),
    [[0]],
  );
  t.deepEqual(
    sequences(FAULT_CLASSES, () => undefined),
    [[]],
  );
});

test("each kind fails in a way of its own", (t) => {
  const questions: readonly Question[] = [
    ADDMAP,
    FRAME,
    { kind: "map_grant_ref", op: 0, count: 1 },
    STATUS,
    { kind: "unmap_grant_ref", op: 0, count: 1 },
    { kind: "unmap_grant_ref_status", op: 0, element: 0 },
  ];
  const failures = questions.map((question) => sequences([question.kind], (answer) => answer(question))[1]);
  t.deepEqual(failures, [[12], [-22], [-22], [-1], [-22], [-1]]);
});

test("only the first addmap of a call fails, since a scenario has one answer for it", (t) => {
  const twice = sequences(["addmap"], (answer) => {
    answer(ADDMAP);
    answer(ADDMAP);
  });
  t.deepEqual(twice, [
    [0, 0],
    [12, 0],
  ]);
});
