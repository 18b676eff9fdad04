import type { Bench, Case } from "../bench.js";
import type { TaskRounds } from "../job.js";
import { bytesPerState, type Goal, goal, nsPerTransition, type Row } from "../result.js";
import { sizesOf } from "../sizes.js";
import type { Explorer, Model, Task } from "../task.js";
import { inOneProcess } from "../timing.js";

/** Whether a transition costs more the more states there are: the engine and the hand-packed explorer, warm. */
export const scaling: Case = {
  name: "scaling",
  title: "Growing sizes: time a transition, bytes a state",
  async measure(bench) {
    const { scaling: managers, scalingPhilosophers } = sizesOf(bench.effort);
    const commit = await grow(bench, "two-phase commit", managers);
    const dinner = await grow(bench, "dining philosophers", scalingPhilosophers);
    return { rows: [...commit.rows, ...dinner.rows], goals: [...commit.goals, ...dinner.goals] };
  },
};

const LEAST_STATES = 5000;

const EXPLORERS: readonly Explorer[] = ["hand-packed", "engine"];

async function grow(bench: Bench, model: Model, sizes: readonly number[]) {
  const of = (size: number): Task[] => EXPLORERS.map((explorer) => ({ kind: "explore", explorer, model, size }));
  const warmUp = sizes.slice(0, 1).flatMap((size) => [...of(size), ...of(size)]);
  const tasks = sizes.flatMap((size, i): TaskRounds[] =>
    of(size).map((task) => ({ task, rounds: i === 0 ? 5 : i < sizes.length - 1 ? 3 : 2 })),
  );
  const rows = await inOneProcess(bench, warmUp, tasks);
  return { rows, goals: goalsOf(model, rows) };
}

function goalsOf(model: Model, rows: readonly Row[]): readonly Goal[] {
  const engine = rows.filter(({ by }) => by === "engine");
  // Below that a run is too short to say what a transition costs.
  const enough = (engine[0]?.states ?? 0) >= LEAST_STATES;
  const limit = growth(rows.filter(({ by }) => by === "hand-packed"));
  const own = growth(engine);
  const last = engine.at(-1);
  return [
    goal(
      `${model}, ${statesOf(engine[0])} to ${statesOf(last)} states: growth of the time a transition, of the hand-packed explorer's`,
      { atMost: 1.25 },
      !enough || own === null || limit === null ? null : own / limit,
    ),
    goal(
      `${model}, ${statesOf(last)} states: bytes a state of the visited set`,
      { atMost: 24 },
      last === undefined ? null : bytesPerState(last),
    ),
  ];
}

/** How much more a transition costs at the largest size than at the smallest. */
function growth(rows: readonly Row[]): number | null {
  const [first, last] = [rows[0], rows.at(-1)];
  const [from, to] = [first && nsPerTransition(first), last && nsPerTransition(last)];
  return typeof from === "number" && typeof to === "number" ? to / from : null;
}

function statesOf(row: Row | undefined): string {
  return row?.states === undefined ? "?" : row.states.toLocaleString("en-US");
}
