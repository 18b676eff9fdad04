import test from "ava";
import type { Activity } from "../conformance/job.js";
import { type Gauges, teller } from "./progress.js";

/** What is said of a check while it runs, with a clock and a memory that are made up. */

class Made implements Gauges {
  seconds = 0;
  mebibytes = 100;

  now(): number {
    return this.seconds * 1000;
  }

  memory(): number {
    return this.mebibytes * 2 ** 20;
  }
}

const PATHS: Activity = { what: "replaying paths", progress: null };

function exploring(edges: number, executed: number | null = 7): Activity {
  return { what: "exploring", progress: { states: 10, edges, executed, depth: 3, waiting: 4, bytes: null } };
}

/** What is told on a terminal and what stays, of a check that is made up. */
function told(isTerminal: boolean, debug = false) {
  const gauges = new Made();
  const lines: (string | null)[] = [];
  const io = {
    out: () => undefined,
    err: (text: string) => lines.push(text),
    progress: (line: string | null) => lines.push(line),
    isTerminal,
    debug,
    usesCache: false,
    colours: false,
    signal: new AbortController().signal,
  };
  const tell = teller(io, gauges);
  return {
    lines,
    at(seconds: number, ...activities: readonly Activity[]) {
      gauges.seconds = seconds;
      tell(activities);
    },
    gauges,
  };
}

test("how far, how fast, how long, how much memory; of all that is being done", (t) => {
  const { lines, at, gauges } = told(true);
  at(0, exploring(1000));
  gauges.mebibytes = 250;
  at(65, exploring(14_000), PATHS);
  at(3665, exploring(14_000, null));
  t.deepEqual(lines, [
    "0:00, 100 MiB; exploring: 10 states to level 3, 4 to go, 1000 edges, 7 calls made",
    "1:05, 250 MiB; exploring: 10 states to level 3, 4 to go, 14000 edges (200/s), 7 calls made; replaying paths",
    "1:01:05, 250 MiB; exploring: 10 states to level 3, 4 to go, 14000 edges (4/s)",
  ]);
});

test("a terminal is written to ten times a second at the most, but at once when something else is done", (t) => {
  const { lines, at } = told(true);
  at(0, exploring(0));
  at(0.05, exploring(10));
  at(0.06, PATHS);
  at(0.07, exploring(30));
  at(0.17, exploring(40));
  t.is(lines.length, 4);
});

test("without a terminal nothing is said of what is over soon, and little of what is not", (t) => {
  const { lines, at } = told(false);
  at(0, exploring(0));
  at(9.9, exploring(990));
  t.deepEqual(lines, []);
  at(10, exploring(1000));
  at(39, PATHS);
  at(40, exploring(4000));
  t.deepEqual(lines, [
    "segmf: 0:10, 100 MiB; exploring: 10 states to level 3, 4 to go, 1000 edges (100/s), 7 calls made\n",
    "segmf: 0:40, 100 MiB; exploring: 10 states to level 3, 4 to go, 4000 edges (100/s), 7 calls made\n",
  ]);
});

test("with SEGMF_DEBUG a log has as much as a terminal", (t) => {
  const { lines, at } = told(false, true);
  at(0, PATHS);
  t.deepEqual(lines, ["0:00, 100 MiB; replaying paths"]);
});
