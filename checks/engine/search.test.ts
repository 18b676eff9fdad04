import test from "ava";
import type { EngineError } from "./errors.js";
import { breadthFirst, type Progress } from "./search.js";
import type { TransitionSystem } from "./system.js";

/** Points of a grid with sides `size`, from a corner; one step in either direction. */
function grid(size: number): TransitionSystem<readonly [number, number], "right" | "up"> {
  return {
    initial: () => [0, 0],
    enabled: ([x, y]) => [...(x < size - 1 ? (["right"] as const) : []), ...(y < size - 1 ? (["up"] as const) : [])],
    next: ([x, y], event) => (event === "right" ? [x + 1, y] : [x, y + 1]),
    key: ([x, y]) => x * size + y,
  };
}

/** The whole numbers, up and down: without end. */
const numbers: TransitionSystem<number, number> = {
  initial: () => 0,
  enabled: () => [1, -1],
  next: (state, event) => state + event,
  key: (state) => state,
};

test("a grid has as many states, steps and levels as one can count", async (t) => {
  const found = await breadthFirst(grid(40));
  t.like(found, { states: 1600, transitions: 2 * 40 * 39, depth: 79, complete: true });
  t.false("stopped" in found);
});

test("a path to a state is a shortest one, and leads there", async (t) => {
  const cells = grid(6);
  const levels = new Map<number, number>();
  const found = await breadthFirst(cells, {
    reached(_, { id, level, path }) {
      levels.set(id, level);
      t.is(path().length, level - 1);
      return true;
    },
  });
  for (const [id, level] of levels) {
    const end = found.pathTo(id).reduce((state, event) => cells.next(state, event), cells.initial());
    t.is(end[0] + end[1], level - 1);
  }
  t.is(levels.size, 36);
  t.throws(() => found.pathTo(36), { code: "bad-option" });
});

test("the initial state alone is one level", async (t) => {
  const found = await breadthFirst(grid(1));
  t.like(found, { states: 1, transitions: 0, depth: 1, complete: true });
  t.deepEqual(found.pathTo(0), []);
});

test("self-loops and steps to known states are steps", async (t) => {
  const ring: TransitionSystem<number, string> = {
    initial: () => 0,
    enabled: () => ["stay", "next"],
    next: (state, event) => (event === "stay" ? state : (state + 1) % 3),
    key: (state) => state,
  };
  const steps: unknown[] = [];
  const found = await breadthFirst(ring, { stepped: (...step) => steps.push(step) });
  t.like(found, { states: 3, transitions: 6, depth: 3 });
  t.deepEqual(steps, [
    [0, "stay", 0, false],
    [0, "next", 1, true],
    [1, "stay", 1, false],
    [1, "next", 2, true],
    [2, "stay", 2, false],
    [2, "next", 0, false],
  ]);
});

test("a state that is not to be expanded is counted and left", async (t) => {
  const expanded: number[] = [];
  const found = await breadthFirst(numbers, {
    reached: (state) => Math.abs(state) < 3,
    expanded: (state, { id }, transitions) => {
      t.is(transitions, 2);
      t.true(id >= 0);
      expanded.push(state);
    },
  });
  t.like(found, { states: 7, transitions: 10, depth: 4, complete: true });
  t.deepEqual(expanded, [0, 1, -1, 2, -2]);
});

test("the events of a state may depend on what its steps have shown so far", async (t) => {
  // A driver that asks: each call is tried with ever longer answers, until a run asks no more.
  let asked = 0;
  const answers: TransitionSystem<string, string> = {
    initial: () => "",
    *enabled(state) {
      if (state !== "") return;
      for (let answer = ""; ; answer += "1") {
        asked = 0;
        yield answer;
        if (asked <= answer.length) return;
      }
    },
    next(_, answer) {
      asked = 3;
      return `run with ${answer}`;
    },
    key: (state) => state,
  };
  const found = await breadthFirst(answers);
  t.like(found, { states: 5, transitions: 4, depth: 2 });
  t.deepEqual(found.pathTo(4), ["111"]);
});

test("a limit on states keeps exactly so many", async (t) => {
  t.like(await breadthFirst(numbers, { limits: { states: 100 } }), { states: 100, complete: false, stopped: "states" });
  t.like(await breadthFirst(grid(10), { limits: { states: 99 } }), { states: 99, complete: false, stopped: "states" });
  t.like(await breadthFirst(grid(10), { limits: { states: 100 } }), { states: 100, complete: true });
  t.like(await breadthFirst(grid(10), { limits: { states: 1 } }), { states: 1, transitions: 0, stopped: "states" });
});

test("a limit on seconds stops an endless search, and at once if it is 0", async (t) => {
  t.like(await breadthFirst(numbers, { limits: { seconds: 0.02 } }), { complete: false, stopped: "seconds" });
  t.like(await breadthFirst(numbers, { limits: { seconds: 0 } }), { states: 1, transitions: 0, stopped: "seconds" });
});

test("a signal that is aborted before the search stops it at the initial state", async (t) => {
  const limits = { signal: AbortSignal.abort() };
  t.like(await breadthFirst(numbers, { limits }), { states: 1, depth: 1, complete: false, stopped: "aborted" });
});

test("a signal that is aborted under way stops the search after the state that is being expanded", async (t) => {
  const controller = new AbortController();
  const found = await breadthFirst(numbers, {
    limits: { signal: controller.signal },
    reached: (state) => {
      if (state === -5) controller.abort();
      return true;
    },
  });
  t.like(found, { states: 11, transitions: 18, complete: false, stopped: "aborted" });
});

test("the event loop gets its turn, so that a handler can abort an endless search", async (t) => {
  const controller = new AbortController();
  setImmediate(() => setImmediate(() => controller.abort()));
  const found = await breadthFirst(numbers, { limits: { signal: controller.signal } });
  t.is(found.stopped, "aborted");
});

test("searches that take turns do not disturb each other", async (t) => {
  const [one, two] = await Promise.all([breadthFirst(grid(60)), breadthFirst(grid(50))]);
  t.like(one, { states: 3600, transitions: 2 * 60 * 59 });
  t.like(two, { states: 2500, transitions: 2 * 50 * 49 });
});

test("progress is told after the same work each time", async (t) => {
  const runs: Omit<Progress, "seconds">[][] = [[], []];
  for (const run of runs) {
    await breadthFirst(grid(60), { progress: ({ seconds, ...progress }) => seconds >= 0 && run.push(progress) });
  }
  const [one = [], two] = runs;
  t.deepEqual(one, two);
  t.true(one.length >= 8);
  for (const { states, transitions, depth, waiting } of one) {
    t.true(states > waiting && waiting > 0 && transitions < 2 * states && depth <= 119);
  }
});

test("nonsensical limits are refused", async (t) => {
  for (const states of [0, -1, 1.5, Number.NaN]) {
    const error = await t.throwsAsync(breadthFirst(numbers, { limits: { states } }), { code: "bad-option" });
    t.is(error.message, `limits.states must be a whole number of at least 1, not ${states}.`);
  }
  for (const seconds of [-1, Number.NaN]) {
    const error = await t.throwsAsync(breadthFirst(numbers, { limits: { seconds } }), { code: "bad-option" });
    t.is(error.message, `limits.seconds must be a number of at least 0, not ${seconds}.`);
  }
});

for (const where of ["enabled", "next", "key"] as const) {
  test(`what ${where} throws is given a shortest path`, async (t) => {
    const fail = (state: readonly [number, number]): void => {
      if (state[0] === 1 && state[1] === 2) throw new RangeError("too far");
    };
    const cells = grid(5);
    const system = {
      ...cells,
      enabled: (state: readonly [number, number]) => {
        if (where === "enabled") fail(state);
        return cells.enabled(state);
      },
      next: (state: readonly [number, number], event: "right" | "up") => {
        const next = cells.next(state, event);
        if (where === "next") fail(next);
        return next;
      },
      key: (state: readonly [number, number]) => {
        if (where === "key") fail(state);
        return cells.key(state);
      },
    };
    const error = await t.throwsAsync(breadthFirst(system), { code: "system-threw" });
    t.like(error, { path: ["right", "up", "up"].slice(0, where === "enabled" ? 3 : 2), cause: { message: "too far" } });
    t.like(error, { event: where === "enabled" ? undefined : "up" });
    t.regex(error.message, /^The transition system threw: RangeError: too far\.\n {2}shortest path: "right" → "up"/);
  });
}

test("what the caller's own functions throw goes through as it is", async (t) => {
  const mine = new Error("mine");
  const fail = (): never => {
    throw mine;
  };
  for (const options of [{ reached: fail }, { stepped: fail }, { expanded: fail }]) {
    t.is(await t.throwsAsync(breadthFirst(grid(3), options)), mine);
  }
  const later = { reached: (_: unknown, { id }: { readonly id: number }) => (id < 4 ? true : fail()) };
  t.is(await t.throwsAsync(breadthFirst(grid(3), later)), mine);
});

test("a step that writes into the state it starts from is found out", async (t) => {
  const careless: TransitionSystem<number[], string> = {
    initial: () => [],
    enabled: (state) => (state.length < 3 ? ["push"] : []),
    next: (state) => {
      if (state.length === 1) state.push(0);
      return [...state, 0];
    },
    key: (state) => state.length,
  };
  const error = await t.throwsAsync<EngineError>(breadthFirst(careless, { checkPurity: true }), { code: "impure" });
  t.deepEqual(error.path, ["push"]);
  t.is((await breadthFirst(careless)).states, 3);
});
