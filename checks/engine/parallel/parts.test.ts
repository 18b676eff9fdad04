import test from "ava";
import fc from "fast-check";
import { EngineError } from "../errors.js";
import { mix } from "../store/mix.js";
import { controlMemory } from "./control.js";
import { Crew } from "./crew.js";
import type { Setup } from "./messages.js";
import { codeOf, factorOf, fromCode, ownerOf, sumOf } from "./owner.js";
import { Receiver, ringMemory, Sender } from "./ring.js";
import { Sent } from "./sent.js";

test("what is sent comes, once and in order, however often the ring is gone round", (t) => {
  const memory = ringMemory(2);
  let woken = 0;
  const sender = new Sender(memory, () => {
    woken += 1;
  });
  const receiver = new Receiver(memory, () => undefined);
  const got: number[][] = [];
  const drain = () => receiver.drain((records, at) => got.push([...records.subarray(at, at + 4)]));
  let sent = 0;
  const fill = (most: number) => {
    for (let count = 0; count < most && sender.hasRoom(); count += 1, sent += 1) {
      sender.push(Int32Array.of(sent, -sent), 0, 2 * sent, 3 * sent);
    }
  };
  fill(10);
  t.is(drain(), 0, "a few records are not told at once");
  sender.publish();
  t.is(woken, 1);
  t.is(drain(), 10);
  for (let round = 0; round < 3; round += 1) {
    fill(1_000_000);
    t.false(sender.hasRoom());
    t.is(drain(), 2 ** 15);
    t.true(sender.hasRoom());
  }
  t.is(drain(), 0);
  t.is(got.length, sent);
  t.true(got.every((record, at) => record.join() === [at, -at, 2 * at, 3 * at].join()));
});

test("the owner of a state does not depend on slots that it has not got yet, and all own their share", (t) => {
  const factors = Int32Array.from({ length: 6 }, (_, slot) => factorOf(slot));
  const counts = [0, 0, 0];
  for (let state = 0; state < 3000; state += 1) {
    const slots = [state % 7, Math.floor(state / 7) % 11, Math.floor(state / 77)];
    const sum = sumOf(Int32Array.from(slots), factors);
    if (sumOf(Int32Array.from([...slots, 0, 0, 0]), factors) !== sum) t.fail(slots.join());
    const owner = ownerOf(mix(sum), 3);
    counts[owner] = (counts[owner] ?? 0) + 1;
  }
  t.true(counts.length === 3 && counts.every((count) => count > 900 && count < 1100), counts.join());
});

test("a code says whose a state is, and which", (t) => {
  const property = fc.property(fc.nat(2 ** 24), fc.integer({ min: 1, max: 64 }), fc.nat(63), (id, workers, some) => {
    const worker = some % workers;
    t.deepEqual(fromCode(codeOf(id, worker, workers), workers), { id, worker });
  });
  t.notThrows(() => fc.assert(property, { seed: 1 }));
});

test("a state that was sent is remembered until another takes its place", (t) => {
  const sent = new Sent(2);
  t.false(sent.has(Int32Array.of(0, 0), 0, 5), "an empty place holds no state");
  t.true(sent.has(Int32Array.of(0, 0), 0, 5));
  t.false(sent.has(Int32Array.of(0, 1), 0, 5));
  t.true(sent.has(Int32Array.of(0, 1), 0, 5));
  t.false(sent.has(Int32Array.of(0, 0), 0, 5));
  t.false(sent.has(Int32Array.of(0, 0), 0, 6));
});

test("a worker that dies is an error, not a wait without end", async (t) => {
  // Without what it is to be started with it can only fail.
  const crew = new Crew([{} as Setup]);
  const order = { kind: "hits" } as const;
  const first = await t.throwsAsync<EngineError>(crew.all([order]), { instanceOf: EngineError });
  t.is(first?.code, "worker-died");
  t.regex(first?.message ?? "", /^A thread that explored a share of the states has failed: /);
  t.is((await t.throwsAsync<EngineError>(crew.one(0, order), { instanceOf: EngineError }))?.code, "worker-died");
  await crew.dismiss();
});

test("an order that can't be obeyed is an error", async (t) => {
  const control = controlMemory(1);
  const crew = new Crew([{ worker: 0, workers: 1, control, fixed: [], nothing: 0, invariants: 0, room: null }]);
  const failed = await t.throwsAsync<EngineError>(crew.one(0, { kind: "trace", id: 0 }), { instanceOf: EngineError });
  t.regex(failed?.message ?? "", /has failed: a worker was not told how states are packed/);
  await crew.dismiss();
});
