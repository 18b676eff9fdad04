import test from "ava";
import type { LockName } from "../driver.js";
import type { Kernel } from "./kernel.js";
import { beginToWait } from "./machineroom.js";
import { Observer } from "./observe.js";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

const CONTENTS: LockName = { lock: "a_contents", seg: 0 };
const waits = (kernel: Kernel) => new Observer(() => null).observe(kernel.state).waiting;

function waited(segments = 1): Kernel {
  const kernel = kernelUnderCall({ segments });
  kernel.state = beginToWait(kernel.state, 0);
  return kernel;
}

test("nobody waits at first", (t) => {
  const kernel = kernelUnderCall();
  t.false(kernel.as_isunmapwait(0));
  t.deepEqual(waits(kernel), [false]);
});

test("the flag belongs to one address space, and reading it changes nothing", (t) => {
  const kernel = waited(2);
  t.true(kernel.as_isunmapwait(0));
  t.false(kernel.as_isunmapwait(1));
  t.deepEqual(waits(kernel), [true, false]);
});

test("a waiter is woken by clearing the flag and then broadcasting", (t) => {
  const kernel = waited();
  kernel.as_clrunmapwait(0);
  t.deepEqual(waits(kernel), [true]);
  kernel.cv_broadcast(0);
  t.deepEqual(waits(kernel), [false]);
  t.false(kernel.as_isunmapwait(0));
});

test("clearing the flag wakes nobody", (t) => {
  const kernel = waited();
  kernel.as_clrunmapwait(0);
  t.false(kernel.as_isunmapwait(0));
  t.deepEqual(waits(kernel), [true]);
});

test("a waiter that finds the flag still set sleeps again", (t) => {
  const kernel = waited();
  kernel.cv_broadcast(0);
  t.deepEqual(waits(kernel), [true]);
  kernel.as_clrunmapwait(0);
  t.deepEqual(waits(kernel), [true]);
});

test("under a_contents the flag may be cleared after the broadcast", (t) => {
  const kernel = waited();
  kernel.mutex_enter(CONTENTS);
  kernel.cv_broadcast(0);
  t.deepEqual(waits(kernel), [true]);
  kernel.as_clrunmapwait(0);
  kernel.mutex_exit(CONTENTS);
  t.deepEqual(waits(kernel), [false]);
});

test("a broadcast is over when a_contents is let go", (t) => {
  const kernel = waited();
  kernel.mutex_enter(CONTENTS);
  kernel.cv_broadcast(0);
  kernel.mutex_exit(CONTENTS);
  kernel.as_clrunmapwait(0);
  t.deepEqual(waits(kernel), [true]);
});

test("letting another lock go is not letting a_contents go", (t) => {
  const kernel = waited();
  const lock: LockName = { lock: "segment", seg: 0 };
  kernel.mutex_init(lock);
  kernel.mutex_enter(lock);
  kernel.mutex_enter(CONTENTS);
  kernel.cv_broadcast(0);
  kernel.mutex_exit(lock);
  kernel.as_clrunmapwait(0);
  t.deepEqual(waits(kernel), [false]);
});

test("clearing and broadcasting where nobody waits changes nothing", (t) => {
  const kernel = kernelUnderCall();
  kernel.as_clrunmapwait(0);
  kernel.cv_broadcast(0);
  t.deepEqual(waits(kernel), [false]);
});

test("an address space that is not there has no flag", (t) => {
  t.is(
    panicOf(() => kernelUnderCall().as_isunmapwait(1)),
    "no such address space",
  );
  t.is(
    panicOf(() => kernelUnderCall().as_clrunmapwait(1)),
    "no such address space",
  );
  t.is(
    panicOf(() => kernelUnderCall().cv_broadcast(1)),
    "no such address space",
  );
});

test("the calls are recorded, with the flag that was read", (t) => {
  const kernel = waited();
  kernel.as_isunmapwait(0);
  kernel.as_clrunmapwait(0);
  kernel.cv_broadcast(0);
  t.deepEqual(outcomeOf(kernel).calls, [
    { fn: "as_isunmapwait", seg: 0, waiting: true },
    { fn: "as_clrunmapwait", seg: 0 },
    { fn: "cv_broadcast", seg: 0 },
  ]);
});
