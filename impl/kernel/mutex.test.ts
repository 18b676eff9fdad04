import test from "ava";
import type { LockName } from "../driver.js";
import { sameLock } from "./mutex.js";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

const SEGMENT: LockName = { lock: "segment", seg: 0 };
const CONTENTS: LockName = { lock: "a_contents", seg: 0 };
const FREEMEM: LockName = { lock: "freemem_lock", seg: null };

test("freemem_lock and each a_contents are always there", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_enter(FREEMEM);
  kernel.mutex_enter(CONTENTS);
  t.deepEqual(kernel.state.mutexes.held, [FREEMEM, CONTENTS]);
  kernel.mutex_exit(FREEMEM);
  kernel.mutex_exit(CONTENTS);
  t.deepEqual(kernel.state.mutexes.held, []);
});

test("what is held is kept in order of acquisition", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_init(SEGMENT);
  for (const lock of [SEGMENT, CONTENTS, FREEMEM]) kernel.mutex_enter(lock);
  kernel.mutex_exit(CONTENTS);
  t.deepEqual(kernel.state.mutexes.held, [SEGMENT, FREEMEM]);
});

test("there is no a_contents without an address space", (t) => {
  const kernel = kernelUnderCall();
  for (const seg of [-1, 1]) {
    t.is(
      panicOf(() => kernel.mutex_enter({ lock: "a_contents", seg })),
      "mutex: not initialised",
    );
  }
});

test("entering or leaving a lock that was never initialised panics", (t) => {
  t.is(
    panicOf(() => kernelUnderCall().mutex_enter(SEGMENT)),
    "mutex: not initialised",
  );
  t.is(
    panicOf(() => kernelUnderCall().mutex_exit(SEGMENT)),
    "mutex: not initialised",
  );
  t.is(
    panicOf(() => kernelUnderCall().mutex_destroy(SEGMENT)),
    "mutex: not initialised",
  );
});

test("entering or leaving a destroyed lock panics", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_init(SEGMENT);
  kernel.mutex_destroy(SEGMENT);
  t.is(
    panicOf(() => kernel.mutex_enter(SEGMENT)),
    "mutex: not initialised",
  );
  t.is(
    panicOf(() => kernel.mutex_exit(SEGMENT)),
    "mutex: not initialised",
  );
});

test("recursion panics §4.mutex", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_enter(FREEMEM);
  t.is(
    panicOf(() => kernel.mutex_enter(FREEMEM)),
    "mutex_enter: recursive",
  );
});

test("leaving a lock that is not owned panics §4.mutex", (t) => {
  t.is(
    panicOf(() => kernelUnderCall().mutex_exit(FREEMEM)),
    "mutex_exit: not the owner",
  );
});

test("destroying a held lock panics §4.mutex", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_init(SEGMENT);
  kernel.mutex_enter(SEGMENT);
  t.is(
    panicOf(() => kernel.mutex_destroy(SEGMENT)),
    "mutex_destroy: held",
  );
});

test("a lock is initialised once, until it is destroyed", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_init(SEGMENT);
  kernel.mutex_destroy(SEGMENT);
  kernel.mutex_init(SEGMENT);
  t.is(
    panicOf(() => kernel.mutex_init(SEGMENT)),
    "mutex_init: already initialised",
  );
});

test("the kernel's own locks are not a driver's to initialise or destroy", (t) => {
  for (const lock of [FREEMEM, CONTENTS]) {
    t.is(
      panicOf(() => kernelUnderCall().mutex_init(lock)),
      "mutex: initialised and destroyed by the kernel only",
    );
    t.is(
      panicOf(() => kernelUnderCall().mutex_destroy(lock)),
      "mutex: initialised and destroyed by the kernel only",
    );
  }
});

test("segments have locks of their own", (t) => {
  const kernel = kernelUnderCall({ segments: 2 });
  kernel.mutex_init({ lock: "segment", seg: 0 });
  kernel.mutex_init({ lock: "segment", seg: 1 });
  kernel.mutex_enter({ lock: "segment", seg: 0 });
  kernel.mutex_enter({ lock: "segment", seg: 1 });
  t.is(
    panicOf(() => kernel.mutex_destroy({ lock: "segment", seg: 1 })),
    "mutex_destroy: held",
  );
});

test("a panicking call is recorded and changes nothing", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_enter(FREEMEM);
  const { mutexes } = kernel.state;
  t.is(
    panicOf(() => kernel.mutex_enter(FREEMEM)),
    "mutex_enter: recursive",
  );
  t.is(kernel.state.mutexes, mutexes);
  t.deepEqual(outcomeOf(kernel).calls, [
    { fn: "mutex_enter", lock: "freemem_lock" },
    { fn: "mutex_enter", lock: "freemem_lock" },
  ]);
});

test("calls are recorded with the lock's name, and its segment where it has one", (t) => {
  const kernel = kernelUnderCall();
  kernel.mutex_init(SEGMENT);
  kernel.mutex_enter(SEGMENT);
  kernel.mutex_exit(SEGMENT);
  kernel.mutex_destroy(SEGMENT);
  kernel.mutex_enter(CONTENTS);
  t.deepEqual(outcomeOf(kernel).calls, [
    { fn: "mutex_init", lock: "segment", seg: 0 },
    { fn: "mutex_enter", lock: "segment", seg: 0 },
    { fn: "mutex_exit", lock: "segment", seg: 0 },
    { fn: "mutex_destroy", lock: "segment", seg: 0 },
    { fn: "mutex_enter", lock: "a_contents", seg: 0 },
  ]);
});

test("a lock is told from another by name and segment", (t) => {
  t.true(sameLock(SEGMENT, { lock: "segment", seg: 0 }));
  t.true(sameLock(FREEMEM, { lock: "freemem_lock", seg: null }));
  t.false(sameLock(SEGMENT, { lock: "segment", seg: 1 }));
  t.false(sameLock(SEGMENT, CONTENTS));
});
