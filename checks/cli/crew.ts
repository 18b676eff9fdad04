import { Worker } from "node:worker_threads";
import type { Activity, Crew, Job, JobDone, JobPosition, JobSettings, Ledger, Listener } from "../conformance/job.js";
import { weightOf } from "../conformance/shards.js";
import type { SubjectPlan } from "../conformance/subject.js";
import { inTurn } from "../conformance/work.js";
import { errorOf, type Order, type Setup, type Word } from "./crew.messages.js";
import { LEAST_BYTES } from "./options.js";

/**
 * So many threads that do the jobs of a check, each by itself. What comes of a job doesn't depend on who does it, nor on what
 * else is done meanwhile, so the report is the same for any number; but for where a limit on seconds stops it.
 *
 * With a limit on memory each has its share of it, but no less than `leastShare` bytes; what that doesn't suffice for is gone
 * on with in the end, one after the other, with all of the memory.
 */
export function crewOf(threads: number, leastShare = LEAST_BYTES): Crew {
  return async (jobs, settings, ledger, listener) => {
    const { plan } = settings.subject;
    if (threads === 1 || plan === undefined) return await inTurn(jobs, settings, ledger, listener);
    return await new Threads(jobs, { ...settings, plan }, ledger, listener).all(threads, leastShare);
  };
}

class Threads {
  readonly #jobs: readonly Job[];
  readonly #settings: JobSettings & { readonly plan: SubjectPlan };
  readonly #ledger: Ledger | null;
  readonly #listener: Listener;
  readonly #done = new Map<number, JobDone>();
  /** Where jobs stand that memory has stopped. */
  readonly #positions = new Map<number, JobPosition>();
  /** What is being done, by the job's number. */
  readonly #activities = new Map<number, Activity>();

  constructor(
    jobs: readonly Job[],
    settings: JobSettings & { readonly plan: SubjectPlan },
    ledger: Ledger | null,
    listener: Listener,
  ) {
    this.#jobs = jobs;
    this.#settings = settings;
    this.#ledger = ledger;
    this.#listener = listener;
  }

  async all(threads: number, leastShare: number): Promise<readonly JobDone[]> {
    for (const number of this.#jobs.keys()) {
      const done = this.#ledger?.done(number);
      if (done !== undefined) this.#done.set(number, done);
    }
    const { memory } = this.#settings.limits;
    const left = [...this.#jobs.keys()].filter((number) => !this.#done.has(number));
    const most = Math.min(threads, left.length);
    const share = memory === undefined ? undefined : Math.max(leastShare, memory / most);
    await this.#share(
      // What takes long begins early, so that no thread is left alone with it in the end.
      left.sort((one, other) => this.#weight(other) - this.#weight(one)),
      most,
      share,
    );
    // What its share of the memory did not suffice for goes on alone, with all of it: so it ends as in one thread.
    const short = most < 2 ? [] : left.filter((number) => this.#done.get(number)?.stopped === "memory").sort(ascending);
    for (const number of this.#isStopped ? [] : short) await this.#share([number], 1, memory);
    return this.#jobs.map((_, number) => {
      const done = this.#done.get(number);
      if (done === undefined) throw new Error(`job ${number} was not done`);
      return done;
    });
  }

  #weight(number: number): number {
    const job = this.#jobs[number];
    return job === undefined ? 0 : weightOf(job);
  }

  get #isStopped(): boolean {
    return this.#settings.limits.signal?.aborted === true;
  }

  /** Has threads of their own do these jobs, each taking the next one. */
  async #share(numbers: readonly number[], count: number, memory: number | undefined): Promise<void> {
    const { signal } = this.#settings.limits;
    const threads = Array.from({ length: count }, () => new Thread(this.#setup(memory)));
    const stop = (): void => {
      for (const thread of threads) thread.stop();
    };
    signal?.addEventListener("abort", stop);
    if (this.#isStopped) stop();
    const queue = [...numbers];
    const serve = async (thread: Thread): Promise<void> => {
      for (let number = queue.shift(); number !== undefined; number = queue.shift()) await this.#do(thread, number);
    };
    try {
      await Promise.all(threads.map(serve));
    } finally {
      signal?.removeEventListener("abort", stop);
      await Promise.all(threads.map((thread) => thread.end()));
    }
  }

  #setup(memory: number | undefined): Setup {
    const { plan, kernel, selfCheck } = this.#settings;
    const { signal: _, memory: all, ...limits } = this.#settings.limits;
    const last = all === undefined ? null : Number.POSITIVE_INFINITY;
    return {
      plan,
      kernel,
      limits: { ...limits, ...(memory === undefined ? {} : { memory }) },
      ...(selfCheck === undefined ? {} : { selfCheck }),
      everySeconds: this.#ledger?.everySeconds ?? last,
    };
  }

  async #do(thread: Thread, number: number): Promise<void> {
    const job = this.#jobs[number];
    if (job === undefined) return;
    const from = this.#positions.get(number) ?? this.#ledger?.position(number);
    this.#positions.delete(number);
    const done = await thread.do({ kind: "do", job, ...(from === undefined ? {} : { from }) }, (word) => {
      if (word.kind === "position") this.#keep(number, word.position);
      else if (word.kind === "violated") this.#listener.violated(word.violation);
      else this.#show(number, word.activity);
    });
    this.#activities.delete(number);
    this.#done.set(number, done);
    if (done.stopped === null) this.#ledger?.finish(number, done);
    if (done.stopped !== "memory") this.#positions.delete(number);
  }

  #keep(number: number, position: JobPosition): void {
    if (this.#settings.limits.memory !== undefined) this.#positions.set(number, position);
    this.#ledger?.keep(number, position);
  }

  #show(number: number, activity: Activity): void {
    this.#activities.set(number, activity);
    this.#listener.activities([...this.#activities].sort(([one], [other]) => one - other).map(([, each]) => each));
  }
}

function ascending(one: number, other: number): number {
  return one - other;
}

type Meanwhile = Extract<Word, { readonly kind: "activity" | "position" | "violated" }>;

/** What a thread has been told to do. */
interface Task {
  readonly heard: (word: Meanwhile) => void;
  readonly resolve: (done: JobDone) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #worker: Worker;
  #task: Task | null = null;
  #died: Error | null = null;

  constructor(setup: Setup) {
    this.#worker = new Worker(new URL("./crew.worker.js", import.meta.url), { workerData: setup });
    this.#worker.on("message", (word: Word) => this.#hear(word));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", (code) => this.#die(new Error(`a thread has ended before its time, with code ${code}`)));
  }

  do(order: Order, heard: Task["heard"]): Promise<JobDone> {
    return new Promise((resolve, reject) => {
      this.#task = { heard, resolve, reject };
      if (this.#died !== null) reject(this.#died);
      else this.#worker.postMessage(order);
    });
  }

  stop(): void {
    this.#worker.postMessage({ kind: "stop" } satisfies Order);
  }

  async end(): Promise<void> {
    this.#task = null;
    await this.#worker.terminate();
  }

  #hear(word: Word): void {
    if (word.kind === "done") this.#task?.resolve(word.done);
    else if (word.kind === "failed") this.#die(errorOf(word.failure));
    else this.#task?.heard(word);
  }

  #die(error: Error): void {
    this.#died ??= error;
    this.#task?.reject(this.#died);
  }
}
