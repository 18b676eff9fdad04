import type { Activity, JobProgress } from "../conformance/job.js";
import type { Io } from "./io.js";

/** Where time and memory are read. */
export interface Gauges {
  /** Milliseconds, from any point in time. */
  now(): number;
  /** Bytes that the process takes, all threads together. */
  memory(): number;
}

const OF_PROCESS: Gauges = { now: () => performance.now(), memory: () => process.memoryUsage.rss() };

/** A terminal need not be written to more often. */
const MILLISECONDS_BETWEEN_LINES = 100;

/** Where there is none a line stays: nothing is said of what is over soon, and little of what is not. */
const SILENCE = { first: 10_000, others: 30_000 } as const;

type Tell = (activities: readonly Activity[]) => void;

/** What tells how a check gets on: one line for all that is being done. On a terminal it is always of now, else it comes now and then. */
export function teller(io: Io, gauges: Gauges = OF_PROCESS): Tell {
  const text = new ProgressText(gauges);
  if (!io.isTerminal && !io.debug) return log(io, gauges, text);
  let names = "";
  let due = Number.NEGATIVE_INFINITY;
  return (activities) => {
    const line = text.line(activities);
    const now = gauges.now();
    const are = activities.map(({ what }) => what).join();
    if (are === names && now < due) return;
    names = are;
    due = now + MILLISECONDS_BETWEEN_LINES;
    io.progress(line);
  };
}

function log(io: Io, gauges: Gauges, text: ProgressText): Tell {
  let due = gauges.now() + SILENCE.first;
  return (activities) => {
    const line = text.line(activities);
    const now = gauges.now();
    if (now < due) return;
    due = now + SILENCE.others;
    io.err(`segmf: ${line}\n`);
  };
}

/** Turns activities into text: time so far and memory, then of each how far it has come and how fast. */
class ProgressText {
  readonly #gauges: Gauges;
  readonly #started: number;
  /** When each was first heard of, and how many edges it had then: it may have gone on from a checkpoint. */
  readonly #first = new Map<string, { readonly at: number; readonly edges: number }>();

  constructor(gauges: Gauges) {
    this.#gauges = gauges;
    this.#started = gauges.now();
  }

  line(activities: readonly Activity[]): string {
    const now = this.#gauges.now();
    const memory = Math.ceil(this.#gauges.memory() / 2 ** 20);
    const each = activities.map(({ what, progress }) =>
      progress === null ? what : `${what}: ${this.#progress(what, progress, now)}`,
    );
    return `${clock((now - this.#started) / 1000)}, ${memory} MiB; ${each.join("; ")}`;
  }

  #progress(what: string, { states, edges, executed, depth, waiting }: JobProgress, now: number): string {
    const first = this.#first.get(what) ?? { at: now, edges };
    this.#first.set(what, first);
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? ` (${Math.round((edges - first.edges) / seconds)}/s)` : "";
    const made = executed === null ? "" : `, ${executed} calls made`;
    return `${states} states to level ${depth}, ${waiting} to go, ${edges} edges${rate}${made}`;
  }
}

/** Minutes and seconds, and hours where there are any. */
function clock(seconds: number): string {
  const all = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}
