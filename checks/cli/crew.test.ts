import test from "ava";
import { defineScope } from "../../model/scope.js";
import type { Activity, Crew, Job, JobDone, JobPosition, JobSettings, Ledger, Listener } from "../conformance/job.js";
import { edition } from "../conformance/subject.js";
import { same } from "../conformance/testing/same.js";
import { crewOf } from "./crew.js";
import { segmf } from "./testkit.js";

/** Threads that do the jobs of a check: what comes of them must not depend on how many there are. */

const TINY = defineScope({ pages: 1, domids: [7], faults: new Set() });
const CHART: Job = { kind: "chart", scope: TINY };
const PRODUCT: Job = { kind: "product", scope: TINY };
const JOBS: readonly Job[] = [CHART, { kind: "shortest paths", scope: TINY }, PRODUCT];

function settings(more: Partial<JobSettings> = {}): JobSettings {
  return { subject: edition("corrected", new Set()), kernel: "debug", limits: {}, ...more };
}

/** The same jobs done with nobody looking on. What comes of them is as another thread hands it on. */
async function all(crew: Crew, jobs: readonly Job[], given: JobSettings, ledger: Ledger | null = null) {
  return structuredClone(await crew(jobs, given, ledger, hearing()));
}

/** Somebody who is told of what is being done. */
function hearing(activities: Listener["activities"] = () => undefined): Listener {
  return { activities, violated: () => undefined };
}

/** What comes of all the jobs, by one thread. */
let alone: readonly JobDone[];

test.before(async () => {
  alone = await all(crewOf(1), JOBS, settings());
});

/** A ledger in memory. */
class Book implements Ledger {
  readonly everySeconds = 0;
  readonly finished = new Map<number, JobDone>();
  readonly positions = new Map<number, JobPosition>();

  isDue(): boolean {
    return true;
  }

  done(job: number): JobDone | undefined {
    return this.finished.get(job);
  }

  position(job: number): JobPosition | undefined {
    return this.positions.get(job);
  }

  finish(job: number, done: JobDone): void {
    this.finished.set(job, done);
  }

  keep(job: number, position: JobPosition): void {
    this.positions.set(job, position);
  }
}

test("the same comes of all jobs with one thread, with two, and with more than there are jobs", async (t) => {
  const activities = new Set<string>();
  t.deepEqual(
    alone.map(({ result, stopped }) => [result?.kind, stopped]),
    [
      ["chart", null],
      ["paths", null],
      ["product", null],
    ],
  );
  const note = (told: readonly Activity[]): void => {
    for (const { what } of told) activities.add(what);
  };
  same(t, await crewOf(2)(JOBS, settings(), null, hearing(note)), alone);
  t.deepEqual([...activities].sort(), [
    "corrected, pages: 1, forks: 0",
    "replaying paths",
    "the specification, pages: 1, forks: 0",
  ]);
  same(t, await all(crewOf(4), JOBS, settings()), alone);
});

for (const threads of [1, 2]) {
  test(`what a limit stopped is gone on with where it stood, what is through is not done again: ${threads} threads`, async (t) => {
    const book = new Book();
    const stopped = await all(crewOf(threads), JOBS, settings({ limits: { states: 5 } }), book);
    t.deepEqual(
      stopped.map(({ stopped }) => stopped),
      ["states", null, "states"],
    );
    t.deepEqual([...book.finished.keys()], [1]);
    t.deepEqual([...book.positions.keys()].sort(), [0, 2]);
    const done: JobDone = { result: { kind: "directed", results: [], groups: [] }, stopped: null };
    book.finished.set(1, done);
    same(t, await all(crewOf(threads), JOBS, settings(), book), alone.with(1, done));
    t.deepEqual([...book.finished.keys()].sort(), [0, 1, 2]);
  });
}

test("a signal stops all threads, also what they have not begun", async (t) => {
  const interrupt = new AbortController();
  const large: Job = { kind: "product", scope: defineScope({ pages: 4, forks: 1 }) };
  const jobs: readonly Job[] = [large, { ...large }, { kind: "simple paths" }];
  const done = await crewOf(2)(
    jobs,
    settings({ limits: { signal: interrupt.signal } }),
    null,
    hearing(() => interrupt.abort()),
  );
  t.deepEqual(
    done.map(({ stopped }) => stopped),
    ["aborted", "aborted", "aborted"],
  );
  t.is(done[2]?.result, null);
});

test("what its share of the memory does not suffice for is gone on with alone, with all of it", async (t) => {
  const job: Job = { kind: "chart", scope: defineScope({ pages: 2, domids: [7], faults: new Set() }) };
  const jobs = [job, CHART];
  const inTurn = await all(crewOf(1), jobs, settings());
  const short = await all(crewOf(1), jobs, settings({ limits: { memory: 1_000_000 } }));
  t.deepEqual(
    short.map(({ stopped }) => stopped),
    ["memory", "memory"],
  );
  t.deepEqual(await all(crewOf(2, 1), jobs, settings({ limits: { memory: 2_000_000 } })), inTurn);
});

test("an error in a thread ends them all, and is told", async (t) => {
  const tooLittle = settings({ limits: { memory: 1 } });
  const { name, message } = (await t.throwsAsync(all(crewOf(1), [CHART], tooLittle))) ?? {};
  t.is(name, "EngineError");
  await t.throwsAsync(all(crewOf(2, 1), [PRODUCT, CHART], tooLittle), { name: "EngineError", message: message ?? "" });
});

/** Node's own option that has this done in every thread but the main one. */
function inThreads(code: string): readonly string[] {
  const module = `import { isMainThread } from "node:worker_threads"; if (!isMainThread) { ${code} }`;
  return ["--import", `data:text/javascript,${encodeURIComponent(module)}`];
}

for (const [how, code, said] of [
  ["throws", `throw new TypeError("out of\\norder");`, "TypeError: out of order"],
  ["ends", "process.exit(5);", "Error: a thread has ended before its time, with code 5"],
] as const) {
  test(`a thread that ${how} when nobody expects it: one line that says so, and 70`, async (t) => {
    const args = ["check", "--pages", "1", "--workers", "2"];
    const ended = await segmf(args, { node: inThreads(code), cwd: "/proc", env: { TMPDIR: "/proc/none" } });
    t.deepEqual(ended, {
      code: 70,
      stdout: "",
      stderr: `segmf: internal error, which is our fault and not yours: ${said}; please report it with the command you ran and what it prints with SEGMF_DEBUG=1\n`,
    });
  });
}
