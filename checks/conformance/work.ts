import { eventsByPart } from "../../model/alphabet.js";
import { machineOf } from "../../model/machine.js";
import { sizeOf } from "../../model/plan.js";
import type { Scope } from "../../model/scope.js";
import { explore } from "../engine/index.js";
import { breakEveryInvariant } from "./breakable.js";
import { chartInvariants } from "./chartinvariants.js";
import { DIRECTED_PAGES, runDirected } from "./directed.js";
import { groupsOf } from "./explain.js";
import { exploreProduct } from "./explore.js";
import type { Activity, Crew, Job, JobDone, JobHooks, JobSettings, Ledger, Listener } from "./job.js";
import { replayShortestPaths, replaySimplePaths } from "./paths.js";
import { FIELD_MAX_GREFS } from "./run.js";
import { scopeReport } from "./scopereport.js";
import { Specification } from "./specification.js";
import type { Violation } from "./violation.js";

/** Does one job. */
export async function work(job: Job, settings: JobSettings, hooks: JobHooks): Promise<JobDone> {
  const { subject, kernel, limits } = settings;
  const { signal } = limits;
  hooks.tell?.({ what: nameOf(job, settings), progress: null });
  switch (job.kind) {
    case "chart":
      return chart(job.scope, settings, hooks);
    case "product":
      return explored(job.scope, settings, hooks);
    case "shortest paths":
      if (signal?.aborted === true) return UNBEGUN;
      return through({ kind: "paths", report: await replayShortestPaths(subject, kernel, job.scope) });
    case "simple paths":
      if (signal?.aborted === true) return UNBEGUN;
      return through({ kind: "paths", report: await replaySimplePaths(subject, kernel) });
    case "directed":
      return through(await directed(settings));
    case "breakers": {
      const breakers = await breakEveryInvariant(signal);
      return { result: { kind: "breakers", breakers }, stopped: signal?.aborted === true ? "aborted" : null };
    }
  }
}

/** Does all jobs in this thread, one after the other. */
export const inTurn: Crew = async (jobs, settings, ledger, listener) => {
  const all: JobDone[] = [];
  for (const [number, job] of jobs.entries()) {
    const done = ledger?.done(number) ?? (await work(job, settings, hooksOf(number, ledger, listener)));
    if (done.stopped === null) ledger?.finish(number, done);
    all.push(done);
  }
  return all;
};

function hooksOf(number: number, ledger: Ledger | null, listener: Listener): JobHooks {
  const own = {
    tell: (activity: Activity) => listener.activities([activity]),
    violated: (violation: Violation) => listener.violated(violation),
  };
  if (ledger === null) return own;
  const from = ledger.position(number);
  return {
    ...own,
    ...(from === undefined ? {} : { from }),
    keep: {
      everySeconds: ledger.everySeconds,
      isDue: () => ledger.isDue(),
      save: (position) => ledger.keep(number, position),
    },
  };
}

const UNBEGUN: JobDone = { result: null, stopped: "aborted" };

function through(result: JobDone["result"]): JobDone {
  return { result, stopped: null };
}

/** How a job is called while it is done. */
function nameOf(job: Job, { subject }: JobSettings): string {
  switch (job.kind) {
    case "chart":
      return `the specification, ${sizeText(job.scope)}`;
    case "product":
      return `${subject.name}, ${sizeText(job.scope)}`;
    case "shortest paths":
    case "simple paths":
      return "replaying paths";
    case "directed":
      return "directed scenarios";
    case "breakers":
      return "breaking every invariant on purpose";
  }
}

function sizeText({ pages, forks }: Scope): string {
  return `pages: ${pages}, forks: ${forks}`;
}

async function chart(scope: Scope, settings: JobSettings, { tell, keep, from }: JobHooks): Promise<JobDone> {
  const { limits } = settings;
  const what = nameOf({ kind: "chart", scope }, settings);
  const found = await explore(machineOf(scope), {
    events: eventsByPart(scope),
    invariants: chartInvariants(scope),
    limits,
    progress: ({ states, transitions, depth, waiting, bytes = null }) =>
      tell?.({ what, progress: { states, edges: transitions, executed: null, depth, waiting, bytes } }),
    ...(keep === undefined
      ? {}
      : {
          checkpoint: {
            file: (bytes) => keep.save({ kind: "chart", bytes }),
            everySeconds: keep.everySeconds,
          },
        }),
    ...(from?.kind === "chart" ? { resume: from.bytes } : {}),
  });
  const { states, transitions, depth, complete, violations, coverage, stopped = null } = found;
  const report = {
    scope: scopeReport(scope),
    states,
    transitions,
    depth,
    complete,
    violations: violations.map(({ invariant, path }) => ({ invariant, path: path.map(({ type }) => type) })),
  };
  return { result: { kind: "chart", report, coverage: { transitions: coverage.transitions } }, stopped };
}

async function explored(
  scope: Scope,
  settings: JobSettings,
  { tell, violated, keep, from }: JobHooks,
): Promise<JobDone> {
  const { subject, kernel, limits, selfCheck = usualShare(scope) } = settings;
  const what = nameOf({ kind: "product", scope }, settings);
  const driver = await subject.open({ kernel, pages: scope.pages, maxGrefs: scope.maxGrefs });
  const { report, product } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope, {
    limits,
    selfCheck,
    progress: (progress) => tell?.({ what, progress }),
    ...(violated === undefined ? {} : { violated: once(violated) }),
    ...(keep === undefined ? {} : { keep }),
    ...(from === undefined || from.kind === "chart" ? {} : { from }),
  });
  const { violations, ...found } = product;
  const { pages, maxGrefs } = scope;
  const groups = groupsOf(subject, kernel, { pages, maxGrefs, violations });
  return { result: { kind: "product", report, ...found, groups }, stopped: report.stopped };
}

/** Tells the first one only. */
function once<T>(tell: (value: T) => void): (value: T) => void {
  let isTold = false;
  return (value) => {
    if (isTold) return;
    isTold = true;
    tell(value);
  };
}

async function directed({ subject, kernel }: JobSettings): Promise<JobDone["result"]> {
  const results = await runDirected(subject, kernel);
  const violations = results.flatMap(({ violation }) => violation ?? []);
  const groups = groupsOf(subject, kernel, { pages: DIRECTED_PAGES, maxGrefs: FIELD_MAX_GREFS, violations });
  return { kind: "directed", results, groups };
}

const SHARES = [1, 1, 0.05, 0.002];

/** Making some ten thousand edges takes a second: all that there are in a small scope, of a larger one about as many. */
function usualShare({ pages, forks, alphabet }: Scope): number {
  const size = pages * (1 + forks) + (alphabet === "wide" ? 1 : 0);
  return SHARES[size - 1] ?? 0.0001;
}
