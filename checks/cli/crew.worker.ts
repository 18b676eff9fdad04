import { parentPort, workerData } from "node:worker_threads";
import type { JobHooks, JobPosition } from "../conformance/job.js";
import type { Keep } from "../conformance/position.js";
import { subjectFrom } from "../conformance/subjectfrom.js";
import { work } from "../conformance/work.js";
import { failureOf, type Order, type Setup, type Word } from "./crew.messages.js";
import { Pace } from "./pace.js";

// A thread that does jobs of a check, one after the other.

const { plan, kernel, limits, selfCheck, everySeconds } = workerData as Setup; // what `crew.ts` starts it with
const stop = new AbortController();
const settings = {
  subject: subjectFrom(plan),
  kernel,
  limits: { ...limits, signal: stop.signal },
  ...(selfCheck === undefined ? {} : { selfCheck }),
};

parentPort?.on("message", (order: Order) => {
  if (order.kind === "stop") stop.abort();
  else obey(order).catch((thrown: unknown) => say({ kind: "failed", failure: failureOf(thrown) }));
});

async function obey({ job, from }: Order & { readonly kind: "do" }): Promise<void> {
  const hooks: JobHooks = {
    tell: (activity) => say({ kind: "activity", activity }),
    violated: (violation) => say({ kind: "violated", violation }),
    ...(from === undefined ? {} : { from }),
    ...(everySeconds === null ? {} : { keep: keeper(everySeconds) }),
  };
  say({ kind: "done", done: await work(job, settings, hooks) });
}

function keeper(seconds: number): Keep<JobPosition> {
  const pace = new Pace(seconds);
  return {
    everySeconds: seconds,
    isDue: () => pace.isDue(),
    save: (position) => pace.taking(() => say({ kind: "position", position })),
  };
}

function say(word: Word): void {
  parentPort?.postMessage(word);
}
