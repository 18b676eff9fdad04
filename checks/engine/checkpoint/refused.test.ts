import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { assign, createMachine } from "xstate";
import { EngineError } from "../errors.js";
import { explore } from "../index.js";
import { type Case, exploreWith, MemoryFiles } from "./testkit.js";

const FILE = "run.checkpoint";

/** Counts to `most`, which its functions capture from here: their text does not show it. */
function counter(most: number, start = 0) {
  return createMachine({
    context: { n: start },
    on: { up: { guard: ({ context }) => context.n < most, actions: assign({ n: ({ context }) => context.n + 1 }) } },
  });
}

const small: Case = {
  machine: counter(3),
  events: [{ type: "up" }],
  invariants: { low: ({ context }) => context.n < 9 },
  input: undefined,
};

async function written(explored: Case, states = 4): Promise<Buffer> {
  const files = new MemoryFiles();
  await exploreWith(files, explored, { checkpoint: { file: FILE }, limits: { states } });
  return files.contents.get(FILE) ?? Buffer.alloc(0);
}

/** What is said of a checkpoint that is resumed. */
async function refusal(content: Buffer, explored: Case = small): Promise<EngineError> {
  const files = new MemoryFiles();
  files.contents.set(FILE, content);
  try {
    await exploreWith(files, explored, { resume: FILE });
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === "bad-checkpoint") return thrown;
    throw thrown;
  }
  throw new Error("it was resumed");
}

test("a checkpoint with any byte changed, or cut short anywhere, or longer, is refused", async (t) => {
  const whole = await written(small);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const garbled = Buffer.from(whole);
      garbled[at] = (garbled[at] ?? 0) ^ change;
      t.regex((await refusal(garbled)).message, /"run\.checkpoint" can't be resumed: .+\.\n {2}Resume what/);
    }),
    { seed: 1, numRuns: 200 },
  );
  for (let at = 0; at < whole.length; at += 1) {
    const garbled = Buffer.from(whole);
    garbled[at] = (garbled[at] ?? 0) ^ 0x10;
    await refusal(garbled);
    t.regex((await refusal(whole.subarray(0, at))).message, /cut short/);
  }
  t.regex((await refusal(Buffer.concat([whole, Buffer.alloc(1)]))).message, /cut short or garbled/);
});

test("a checkpoint of another version of the format is refused, and so is what is none", async (t) => {
  const other = await written(small);
  other.writeUInt32LE(2, 8);
  t.is(
    (await refusal(other)).headline,
    `The checkpoint "run.checkpoint" can't be resumed: it has version 2 of the format, and this program reads version 1.`,
  );
  t.regex((await refusal(Buffer.alloc(100, "{"))).headline, /it does not begin as a checkpoint does\.$/);
});

test("a checkpoint that is missing is refused", async (t) => {
  await t.throwsAsync(explore(counter(1), { events: [{ type: "up" }], resume: "/nowhere/run.checkpoint" }), {
    code: "bad-checkpoint",
    message: /"\/nowhere\/run\.checkpoint" can't be resumed: it can't be opened \(ENOENT/,
  });
});

const OTHERS: readonly (readonly [part: string, other: Case])[] = [
  ["events differ", { ...small, events: [{ type: "up" }, { type: "down" }] }],
  ["events differ", { ...small, events: () => [{ type: "up" }] }],
  ["invariants differ", { ...small, invariants: { low: ({ context }) => context.n < 8 } }],
  ["invariants differ", { ...small, invariants: { lower: ({ context }) => context.n < 9 } }],
  ["invariants differ", { ...small, invariants: {} }],
  ["input differs", { ...small, input: 1 }],
  ["machine differs", { ...small, machine: createMachine({ context: { n: 0 }, on: { up: {} } }) }],
  ["machine differs", { ...small, machine: counter(3, 1) }],
  ["machine differs", { ...small, machine: counter(3).provide({ guards: { other: () => true } }) }],
];

for (const [index, [part, other]] of OTHERS.entries()) {
  test(`a checkpoint of something else is refused: ${part} (${index})`, async (t) => {
    const { headline } = await refusal(await written(small), other);
    t.true(
      headline.includes(
        `it is of another exploration: the ${part.replace(" differs", "").replace(" differ", "")} differ`,
      ),
    );
  });
}

test("what functions capture is not seen, but shows where a state is not reached as it was", async (t) => {
  const { headline } = await refusal(await written(small), { ...small, machine: counter(1) });
  t.regex(headline, /the machine does not reach state 2 as it did when it was written/);
  const step = (by: number): Case => ({
    ...small,
    machine: createMachine({
      context: { n: 0 },
      on: { up: { guard: ({ context }) => context.n < 6, actions: assign({ n: ({ context }) => context.n + by }) } },
    }),
  });
  const { headline: last } = await refusal(await written(step(2)), step(3));
  t.regex(last, /the machine does not reach state 3 as it did/);
  const start = (n: number): Case => ({ ...small, machine: createMachine({ context: () => ({ n }) }) });
  t.regex((await refusal(await written(start(1)), start(2))).headline, /the machine does not start as it did/);
});

test("the reference engine refuses checkpoints, and says why it is the one that explores", async (t) => {
  const events = [{ type: "up" }];
  await t.throwsAsync(explore(counter(1), { events, engine: "reference", checkpoint: { file: FILE } }), {
    code: "bad-option",
    message: /The reference engine has no checkpoints, and it explores here since it was asked for\.\n/,
  });
  const hidden = createMachine({
    context: { n: 0 },
    on: { up: { actions: assign(({ self }) => ({ n: self.id.length > 0 ? 1 : 2 })) } },
  });
  const folder = await mkdtemp(join(tmpdir(), "segmf-checkpoint-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await t.throwsAsync(explore(hidden, { events, checkpoint: { file: join(folder, FILE) } }), {
    code: "bad-option",
    message:
      /The reference engine has no checkpoints, and it explores here since the machine can't be compiled: .*'self'.*\.\n/,
  });
});

test("options that make no sense are refused", async (t) => {
  const events = [{ type: "up" }];
  const { machine } = small;
  for (const checkpoint of [{ file: "" }, { file: FILE, everySeconds: -1 }, { file: FILE, everySeconds: Number.NaN }]) {
    await t.throwsAsync(explore(machine, { events, checkpoint }), { code: "bad-option" });
  }
});
