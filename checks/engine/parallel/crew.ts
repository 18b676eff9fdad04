import { Worker } from "node:worker_threads";
import { EngineError } from "../errors.js";
import type { Order, Report, Setup } from "./messages.js";

/** The workers, as the main thread orders them about. */
export class Crew {
  readonly #workers: readonly Member[];

  constructor(setups: readonly Setup[]) {
    this.#workers = setups.map((setup) => new Member(setup));
  }

  /**
   * Gives each worker its order, and waits until all have reported.
   * @throws EngineError `worker-died`
   */
  all(orders: readonly Order[]): Promise<Report[]> {
    return Promise.all(this.#workers.map((worker, number) => worker.do(orders[number])));
  }

  /** The same with one of them. */
  one(worker: number, order: Order): Promise<Report> {
    const member = this.#workers[worker];
    if (member === undefined) throw new Error(`there is no worker ${worker}`);
    return member.do(order);
  }

  /** Ends the workers, whatever they are doing. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }
}

class Member {
  readonly #worker: Worker;
  #resolve: ((report: Report) => void) | null = null;
  #reject: ((error: EngineError) => void) | null = null;
  #died: EngineError | null = null;

  constructor(setup: Setup) {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
    this.#worker.on("message", (report: Report) => {
      if (report.kind === "failed") this.#die(report.message, undefined);
      else this.#resolve?.(report);
    });
    this.#worker.on("error", (error) => this.#die(error.message, error));
    this.#worker.on("exit", (code) => this.#die(`it exited with code ${code}`, undefined));
  }

  do(order: Order | undefined): Promise<Report> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#died !== null) reject(this.#died);
      else this.#worker.postMessage(order);
    });
  }

  async end(): Promise<void> {
    this.#reject = null;
    await this.#worker.terminate();
  }

  #die(how: string, cause: unknown): void {
    this.#died ??= new EngineError("worker-died", `A thread that explored a share of the states has failed: ${how}.`, {
      ...(cause === undefined ? {} : { cause }),
      hint: "With `workers: 1` all is explored by one thread. If memory ran out, give `limits.states`.",
    });
    this.#reject?.(this.#died);
  }
}
