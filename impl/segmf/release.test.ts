import test from "ava";
import { callTexts, create, frames, grants, register, release, Stage } from "./testkit.js";

/** Pages 0 and 2 hold grants, page 1 a frame, page 3 nothing. */
function stage(maxGrefs = 16): Stage {
  const made = new Stage({ maxGrefs });
  made.play([create()], [register(0)], [register(2)], [frames(1, 1)], [grants(0, [5])], [grants(2, [6])]);
  return made;
}

const HELD = "7 1 | g5r#1@9000 m101 g6r#2@9010 . | g5#1.7r f101.7w g6#2.7r . | 3";

test("each granted page is unmapped and EMPTY, others are not touched §3.release_grefs.granted", (t) => {
  const made = stage();
  const outcome = made.do(release(0, 4));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "unmap_grant_ref 0 [9000 1 0, 9010 2 0] 0",
    "mutex_exit segment 0",
  ]);
  t.is(made.text(), "7 1 | . m101 . . | . f101.7w . . | 3");
  t.is(made.grants(), "");
});

test("where no grant is there is no hypercall", (t) => {
  const made = stage();
  const outcome = made.do(release(1, 1));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), ["mutex_enter segment 0", "mutex_exit segment 0"]);
  t.is(made.text(), HELD);
});

test("a count of 0 is a success, at the end too", (t) => {
  const made = stage();
  t.is(made.do(release(4, 0)).ret, 0);
  t.is(made.do(release(0, 0)).ret, 0);
  t.is(made.text(), HELD);
});

test("too many pages, or pages past the end: -1, and nothing changes §3.release_grefs.limits", (t) => {
  const made = stage(2);
  const key = made.driver.key();
  for (const call of [release(0, 3), release(3, 2), release(4, 1), release(5, 0), release(9, 1)]) {
    const outcome = made.do(call);
    t.is(outcome.ret, -1);
    t.deepEqual(outcome.calls, []);
  }
  t.is(made.driver.key(), key);
});

test("when the hypercall fails every grant stays §3.release_grefs.failed", (t) => {
  const made = stage();
  t.is(made.do(release(0, 4), -38).ret, -1);
  t.is(made.text(), HELD);
  t.is(made.grants(), "1:5@0.0 2:6@0.2");
});

test("a grant that the hypervisor would not unmap stays, and can be tried again §3.release_grefs.failed", (t) => {
  const made = stage();
  t.is(made.do(release(0, 4), 0, -1, 0).ret, -1);
  t.is(made.text(), "7 1 | g5r#1@9000 m101 . . | g5#1.7r f101.7w . . | 3");
  t.is(made.do(release(0, 4)).ret, 0);
  t.is(made.text(), "7 1 | . m101 . . | . f101.7w . . | 3");
});
