import type { Crew, Job, JobDone, JobSettings } from "./job.js";
import { work } from "./work.js";

/** One of several parts of a check, which together are all of it, each once. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** About how much work a job is, beside others. */
export function weightOf(job: Job): number {
  switch (job.kind) {
    case "product":
      return 1000 * job.scope.pages * (1 + job.scope.forks);
    case "chart":
      return 100 * job.scope.pages * (1 + job.scope.forks);
    case "breakers":
      return 500;
    default:
      return 50;
  }
}

/** The numbers of the jobs of each shard: the largest jobs first, each to the shard that has least to do so far. */
export function dealt(jobs: readonly Job[], of: number): readonly (readonly number[])[] {
  const shards = Array.from({ length: of }, () => ({ numbers: [] as number[], weight: 0 }));
  const order = [...jobs.entries()].sort(([a, one], [b, other]) => weightOf(other) - weightOf(one) || a - b);
  for (const [number, job] of order) {
    const idle = shards.reduce((least, shard) => (shard.weight < least.weight ? shard : least));
    idle.numbers.push(number);
    idle.weight += weightOf(job);
  }
  return shards.map(({ numbers }) => numbers.sort((a, b) => a - b));
}

/** What came of some of a check's jobs, by number. */
export type Part = ReadonlyMap<number, JobDone>;

/**
 * Does the jobs of one shard by a crew, and tells what came of them. The others are left out, as if the check had been
 * stopped before they were begun: `stop` has to stop it.
 */
export function crewOfShard(crew: Crew, { number, of }: Shard, tell: (part: Part) => void, stop: () => void): Crew {
  return async (jobs, settings, _ledger, listener) => {
    const own = dealt(jobs, of)[number - 1] ?? [];
    const done = await crew(
      own.flatMap((each) => jobs[each] ?? []),
      settings,
      null,
      listener,
    );
    const part: Part = new Map(own.flatMap((each, at) => (done[at] === undefined ? [] : [[each, done[at]] as const])));
    tell(part);
    if (part.size < jobs.length) stop();
    return completed(part, jobs, settings);
  };
}

/** Has what came of jobs in shards. What no shard has done is left out, as above. */
export function crewOfParts(parts: readonly Part[], stop: () => void): Crew {
  const all: Part = new Map(parts.flatMap((part) => [...part]));
  return (jobs, settings) => {
    if (all.size < jobs.length) stop();
    return completed(all, jobs, settings);
  };
}

function completed(part: Part, jobs: readonly Job[], settings: JobSettings): Promise<readonly JobDone[]> {
  return Promise.all(jobs.map(async (job, number) => part.get(number) ?? (await leftOut(job, settings))));
}

/** What comes of a job that is stopped before it has begun. */
async function leftOut(job: Job, settings: JobSettings): Promise<JobDone> {
  // These know no stop, and have nothing to show that would be incomplete.
  if (job.kind === "directed" || job.kind === "breakers") return { result: null, stopped: "aborted" };
  return await work(job, { ...settings, limits: { ...settings.limits, signal: AbortSignal.abort() } }, {});
}
