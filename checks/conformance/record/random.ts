import fc from "fast-check";
import type { Call, Driver, Outcome } from "../../../impl/driver.js";
import type { LogEvent } from "../../../traces/log/log.js";
import { answersFrom } from "../../../traces/scenario/record.js";
import { DrawnAnswers } from "../random.js";
import { isBadWindow, type RandomCall, randomCall, toCall } from "../randomcall.js";
import { spaceOf } from "./scenario.js";

export interface RandomLogOptions {
  readonly seed: number;
  /** Calls that are made. */
  readonly calls: number;
  readonly threads: number;
  /** How many segments there are at most at a time. */
  readonly segments: number;
}

/** Drawn at a time, so that a log of any length needs no more memory than this. */
const DRAWN = 500;

/** One in so many unmaps of the whole is made: segments are to live for some time. */
const UNMAPS_ONE_IN = 8;

interface Draw {
  readonly call: RandomCall;
  /** Which thread goes on, at each of a call's three points. */
  readonly turns: readonly number[];
}

/** A thread's call: made, and perhaps performed. */
interface Made {
  readonly call: Call;
  readonly fails: readonly boolean[];
  readonly outcome: Outcome | null;
}

/**
 * Makes random calls on a driver, of several threads and on several segments in turn, and tells what could be seen from
 * outside. A call takes effect at some point between its call and its return. The same seed gives the same log. Ends after
 * so many calls, or at a panic; `unmap` of a range that panics by contract is left out.
 */
export function* randomEvents(driver: Driver, options: RandomLogOptions): Generator<LogEvent> {
  const run = new RandomThreads(driver, options);
  for (let drawn = 0; !run.isDone; drawn++) {
    for (const draw of drawsOf(options.seed + drawn, options.threads)) yield* run.take(draw);
  }
  yield* run.finish();
  yield { event: "end" };
}

function drawsOf(seed: number, threads: number): readonly Draw[] {
  const turn = fc.nat({ max: threads - 1 });
  const draw = fc.record({ call: randomCall(), turns: fc.array(turn, { minLength: 3, maxLength: 3, size: "max" }) });
  return fc.sample(draw, { seed, numRuns: DRAWN });
}

type Life = "making" | "live" | "stillborn" | "ending";

class RandomThreads {
  readonly #driver: Driver;
  readonly #options: RandomLogOptions;
  readonly #threads: (Made | null)[];
  /** Segments that are there. */
  readonly #lives = new Map<number, Life>();
  #made = 0;
  #born = 0;
  #panicked = false;

  constructor(driver: Driver, options: RandomLogOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#threads = new Array<Made | null>(options.threads).fill(null);
  }

  get isDone(): boolean {
    return this.#panicked || this.#made >= this.#options.calls;
  }

  /** Lets some threads go on. The draw's call is for the first of them that is idle. */
  *take({ call, turns }: Draw): Generator<LogEvent> {
    let draw: RandomCall | null = call;
    for (const thread of turns) {
      if (this.#panicked) return;
      const idle = this.#threads[thread] === null;
      if (idle && (draw === null || this.isDone)) continue;
      yield* idle && draw !== null ? this.#call(thread, draw) : this.#goOn(thread);
      if (idle) draw = null;
    }
  }

  /** Lets all threads return. */
  *finish(): Generator<LogEvent> {
    for (let thread = 0; thread < this.#threads.length; thread++) {
      while (!this.#panicked && this.#threads[thread] !== null) yield* this.#goOn(thread);
    }
  }

  *#call(thread: number, draw: RandomCall): Generator<LogEvent> {
    const call = this.#fitted(draw);
    if (call === null) return;
    this.#made++;
    if (call.call === "create") this.#lives.set(call.seg, "making");
    if (call.call === "dup") this.#lives.set(call.into, "making");
    if (this.#ends(call)) this.#lives.set(call.seg, "ending");
    this.#threads[thread] = { call, fails: draw.fails, outcome: null };
    yield { event: "call", thread, space: spaceOf(call.seg), call };
  }

  /** The call takes effect, or returns. */
  *#goOn(thread: number): Generator<LogEvent> {
    const made = this.#threads[thread];
    if (!made) return;
    const { call, fails } = made;
    if (made.outcome === null) {
      const outcome = this.#driver.perform(call, new DrawnAnswers(fails));
      this.#threads[thread] = { call, fails, outcome };
      if (outcome.panic === null) return;
      this.#panicked = true;
      yield { event: "panic", thread, reason: outcome.panic, answers: answersFrom(outcome.asked) };
      return;
    }
    const { ret, asked } = made.outcome;
    this.#threads[thread] = null;
    this.#settle(call, ret);
    yield { event: "return", thread, ret, answers: answersFrom(asked) };
  }

  /** What has become of segments, now that others may know. */
  #settle(call: Call, ret: Outcome["ret"]): void {
    const life = ret === 0 ? "live" : "stillborn";
    if (call.call === "create") this.#lives.set(call.seg, life);
    if (call.call === "dup") this.#lives.set(call.into, life);
    if (this.#ends(call)) this.#lives.delete(call.seg);
  }

  #ends(call: Call): boolean {
    return call.call === "free" || (call.call === "unmap" && call.addr === 0 && call.len === this.#bytes);
  }

  get #bytes(): number {
    return this.#driver.machine.pages * 4096;
  }

  /** The drawn call on one of the segments that are there; `null` where it would be out of place. */
  #fitted(draw: RandomCall): Call | null {
    // One at a time: a driver numbers segments as they come to be, a log as they are called for.
    const room = this.#lives.size < this.#options.segments && ![...this.#lives.values()].includes("making");
    const takers = [...this.#lives].filter(([, life]) => life === "live" || life === "stillborn");
    const taker = takers[(draw.seg + draw.page) % takers.length];
    if (draw.kind === "create" || taker === undefined) return room ? this.#create(draw) : null;
    const [seg, life] = taker;
    const { pages } = this.#driver.machine;
    if (life === "stillborn") return { call: "free", seg };
    if (draw.kind === "free" || (draw.kind === "unmap" && isBadWindow(draw))) return null;
    if (draw.kind === "dup") return room ? { call: "dup", seg, into: this.#born++ } : null;
    const call = toCall({ ...draw, seg }, { pages, born: seg + 1 });
    if (!this.#ends(call)) return call;
    const others = this.#threads.some((made) => made !== null && made.call.seg === seg);
    return others || draw.page % UNMAPS_ONE_IN !== 0 ? null : call;
  }

  #create(draw: RandomCall): Call {
    return { call: "create", seg: this.#born++, prot: draw.prot, maxprot: "rwx" };
  }
}
