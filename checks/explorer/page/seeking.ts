import { useRef, useState } from "preact/hooks";
import { type Goal, goalText } from "../session/goals.js";
import type { Found } from "../session/search.js";
import { type Desk, useDesk } from "./hooks.js";

/** A search that may be under way. */
export interface Seeker {
  readonly isRunning: boolean;
  /** States seen so far. */
  readonly states: number;
  seek(goal: Goal): void;
  /** To the next violation of the line, or else to the nearest one there is. */
  seekViolation(): void;
  stop(): void;
}

export function useSeeker(): Seeker {
  const desk = useDesk();
  const { explorer, say } = desk;
  const stopping = useRef<AbortController | null>(null);
  const [states, setStates] = useState<number | null>(null);
  const seek = (goal: Goal): void => {
    stopping.current?.abort();
    const stop = new AbortController();
    stopping.current = stop;
    setStates(0);
    say(null);
    explorer
      .search(goal, { signal: stop.signal, progress: setStates })
      .then((found) => say(messageOf(found, goal)), desk.failed)
      .finally(() => {
        if (stopping.current === stop) setStates(null);
      });
  };
  return {
    isRunning: states !== null,
    states: states ?? 0,
    seek,
    seekViolation: () => {
      const ahead = explorer.violationAhead;
      if (ahead !== null) explorer.jump(ahead);
      else if (explorer.view.reference && !explorer.view.panicked) seek({ kind: "broken", invariant: null });
      else
        say({
          kind: "wrong",
          text: "No further violation in this history; go back before this one to look for others.",
        });
    },
    stop: () => stopping.current?.abort(),
  };
}

function messageOf(found: Found, goal: Goal): Parameters<Desk["say"]>[0] {
  const states = `${found.states.toLocaleString("en")} states`;
  switch (found.kind) {
    case "found":
      return {
        kind: "done",
        text: `Found among ${states}: no shorter way than these ${found.steps.length} steps leads from there to where ${goalText(goal)}.`,
      };
    case "none":
      return {
        kind: "done",
        text: `None: of all ${states} that can be reached from here there is none where ${goalText(goal)}.`,
      };
    case "stopped":
      return {
        kind: "wrong",
        text: `Not found among ${states}; there are more${found.why === "limit" ? ". segmf check explores them all" : ""}.`,
      };
  }
}
