import test from "ava";
import type { EventObject } from "xstate";
import { explore } from "../index.js";
import { commit, deadlocks, lateComers, sharing } from "./cases.fixture.js";
import { type Case, exploreWith, MemoryFiles, reported } from "./testkit.js";

const FILE = "run.checkpoint";

/** The checkpoints after each state of a run, and what the run found. */
async function everyCheckpoint(explored: Case) {
  const files = new MemoryFiles();
  const kept: Buffer[] = [];
  files.before = (operation) => {
    const written = files.contents.get(FILE);
    if (operation === "open" && written !== undefined) kept.push(written);
  };
  const found = await exploreWith(files, explored, { checkpoint: { file: FILE, everySeconds: 0 } });
  return { kept, found };
}

/** With how many states there are, and every how-manieth is tried. */
const CASES: readonly (readonly [name: string, explored: Case, states: number, every: number])[] = [
  ["two-phase commit", commit(3), 288, 11],
  ["events, members and history that come up late", lateComers, 658, 61],
  ["deadlocks", deadlocks, 8, 1],
  ["members that share an object", sharing, 14, 1],
];

for (const [name, explored, states, every] of CASES) {
  test(`killed after any state and resumed, a run comes to the same: ${name}`, async (t) => {
    const whole = await exploreWith(new MemoryFiles(), explored, {});
    t.is(whole.states, states);
    const { kept, found } = await everyCheckpoint(explored);
    t.is(reported(found), reported(whole));
    // One at the beginning, one after each state; more where the exploration has begun anew.
    t.true(kept.length > states);
    for (const [number, checkpoint] of kept.entries()) {
      if (number % every !== 0) continue;
      const files = new MemoryFiles();
      files.contents.set(FILE, checkpoint);
      t.is(reported(await exploreWith(files, explored, { resume: FILE })), reported(whole));
    }
  });

  test(`stopped in the middle of a state, and resumed again and again: ${name}`, async (t) => {
    const whole = await exploreWith(new MemoryFiles(), explored, {});
    const files = new MemoryFiles();
    const checkpoint = { file: FILE };
    await exploreWith(files, explored, { checkpoint, limits: { states: 1 } });
    for (let most = 2; most < states; most += every) {
      const found = await exploreWith(files, explored, { checkpoint, resume: FILE, limits: { states: most } });
      t.like(found, { states: most, stopped: "states", complete: false });
      const straight = await exploreWith(new MemoryFiles(), explored, { limits: { states: most } });
      t.is(reported(found), reported(straight));
    }
    t.is(reported(await exploreWith(files, explored, { checkpoint, resume: FILE })), reported(whole));
    // It was written at the end as well: nothing is left to do.
    t.is(reported(await exploreWith(files, explored, { resume: FILE })), reported(whole));
  });
}

test("the machine with late comers is what the reference engine says it is", async (t) => {
  const { machine, input, invariants } = lateComers;
  const events = lateComers.events as () => [];
  const reference = await explore(machine, { events, input, invariants, engine: "reference" });
  const { engine: _, ...compiled } = await exploreWith(new MemoryFiles(), lateComers, {});
  t.like(reference, { states: 658, transitions: 1550 });
  t.like(reference, compiled);
});

test("an exploration that is aborted before every state gets to the end all the same", async (t) => {
  const explored = commit(2);
  const files = new MemoryFiles();
  const checkpoint = { file: FILE };
  await exploreWith(files, explored, { checkpoint, limits: { signal: AbortSignal.abort() } });
  const found = await exploreWith(files, explored, {
    checkpoint,
    resume: FILE,
    limits: { signal: AbortSignal.abort() },
  });
  t.like(found, { states: 1, transitions: 0, stopped: "aborted" });
  const whole = await exploreWith(new MemoryFiles(), explored, {});
  t.is(reported(await exploreWith(files, explored, { resume: FILE })), reported(whole));
});

test("events by functions, and checkpoints as bytes: killed after any state and resumed, a run comes to the same", async (t) => {
  const { events, ...machine } = commit(2);
  const [first, ...others] = events as readonly EventObject[]; // of a case that lists them
  const byPart: Case = { ...machine, events: [() => (first === undefined ? [] : [first]), () => others] };
  const whole = await exploreWith(new MemoryFiles(), byPart, {});
  const kept: Uint8Array[] = [];
  const checkpoint = { file: (bytes: Uint8Array) => kept.push(bytes), everySeconds: 0 };
  t.is(reported(await exploreWith(new MemoryFiles(), byPart, { checkpoint })), reported(whole));
  t.true(kept.length > whole.states);
  for (const resume of kept) t.is(reported(await exploreWith(new MemoryFiles(), byPart, { resume })), reported(whole));
  const other: Case = { ...byPart, events: [() => others] };
  await t.throwsAsync(exploreWith(new MemoryFiles(), other, { resume: kept[0] ?? new Uint8Array(0) }), {
    code: "bad-checkpoint",
    message: /^The checkpoint "\(bytes\)" can't be resumed: it is of another exploration: the events differs\./,
  });
});
