import { useId, useState } from "preact/hooks";
import { type Goal, goalText, HOLDS, LIVES, VERDICTS } from "../session/goals.js";
import { ALL_INVARIANTS } from "../session/invariants.js";
import { useExplorer } from "./hooks.js";
import type { Seeker } from "./seeking.js";

const KINDS = {
  broken: "an invariant is broken",
  page: "a page has …",
  segment: "a segment is …",
  softlocks: "softlockcnt is …",
  waiting: "somebody waits",
  returns: "a call has ended so",
} as const satisfies Record<Goal["kind"], string>;

const CALLS = ["create", "add_mfns", "add_gref_pte", "add_grefs", "release_grefs", "dup", "unmap", "free"];

/** Looks for a shortest path to a state of a kind. */
export function GoalForm({ seeker }: { readonly seeker: Seeker }) {
  const explorer = useExplorer();
  const [goal, setGoal] = useState<Goal>({ kind: "broken", invariant: null });
  const { reference, panicked } = explorer.view;
  const canSearch = reference && !panicked;
  return (
    <section class="panel goals" aria-labelledby="goals-title">
      <h2 id="goals-title">Find a shortest path</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          seeker.seek(goal);
        }}
      >
        <span class="field">
          <label for="goal">to a state where</label>
          <select id="goal" value={goal.kind} onChange={(event) => setGoal(goalOf(event.currentTarget.value))}>
            {Object.entries(KINDS).map(([kind, text]) => (
              <option key={kind} value={kind}>
                {text}
              </option>
            ))}
          </select>
        </span>
        <Details goal={goal} change={setGoal} />
        <button type="submit" class="primary" disabled={!canSearch || seeker.isRunning}>
          Find it
        </button>
      </form>
      {seeker.isRunning ? (
        <p class="searching">
          <span role="status">{seeker.states.toLocaleString("en")} states seen</span>
          <button type="button" onClick={() => seeker.stop()}>
            Stop
          </button>
        </p>
      ) : (
        <p class="hint">
          {canSearch
            ? `From here, with every call and every answer, to where ${goalText(goal)}.`
            : "A search begins where the specification is still a reference: go back."}
        </p>
      )}
    </section>
  );
}

function goalOf(kind: string): Goal {
  switch (kind) {
    case "page":
      return { kind, seg: 0, page: 0, holds: "a frame" };
    case "segment":
      return { kind, seg: 0, is: "stillborn" };
    case "softlocks":
      return { kind, seg: 0, count: 2 };
    case "waiting":
      return { kind, seg: 0 };
    case "returns":
      return { kind, call: "add_mfns", verdict: "failed" };
    default:
      return { kind: "broken", invariant: null };
  }
}

interface DetailsProps {
  readonly goal: Goal;
  readonly change: (goal: Goal) => void;
}

function Details({ goal, change }: DetailsProps) {
  const { setup } = useExplorer().state;
  const segments = numbers(setup.forks + setup.creates);
  const pages = numbers(setup.pages);
  switch (goal.kind) {
    case "broken":
      return (
        <Pick
          name="invariant"
          value={goal.invariant ?? "any"}
          values={["any", ...ALL_INVARIANTS.filter(({ scope }) => scope !== "space").map(({ id }) => id)]}
          change={(value) => change({ ...goal, invariant: ALL_INVARIANTS.find(({ id }) => id === value)?.id ?? null })}
        />
      );
    case "page":
      return (
        <>
          <Pick
            name="segment"
            value={String(goal.seg)}
            values={segments}
            change={(seg) => change({ ...goal, seg: Number(seg) })}
          />
          <Pick
            name="page"
            value={String(goal.page)}
            values={pages}
            change={(page) => change({ ...goal, page: Number(page) })}
          />
          <Pick name="has" value={goal.holds} values={HOLDS} change={(holds) => change({ ...goal, holds })} />
        </>
      );
    case "segment":
      return (
        <>
          <Pick
            name="segment"
            value={String(goal.seg)}
            values={segments}
            change={(seg) => change({ ...goal, seg: Number(seg) })}
          />
          <Pick name="is" value={goal.is} values={LIVES} change={(is) => change({ ...goal, is })} />
        </>
      );
    case "softlocks":
      return (
        <>
          <Pick
            name="segment"
            value={String(goal.seg)}
            values={segments}
            change={(seg) => change({ ...goal, seg: Number(seg) })}
          />
          <Pick
            name="count"
            value={String(goal.count)}
            values={["-1", ...numbers(setup.pages + 1)]}
            change={(count) => change({ ...goal, count: Number(count) })}
          />
        </>
      );
    case "waiting":
      return (
        <Pick
          name="segment"
          value={String(goal.seg)}
          values={segments}
          change={(seg) => change({ ...goal, seg: Number(seg) })}
        />
      );
    case "returns":
      return (
        <>
          <Pick name="call" value={goal.call} values={CALLS} change={(call) => change({ ...goal, call })} />
          <Pick
            name="ended"
            value={goal.verdict}
            values={VERDICTS}
            change={(verdict) => change({ ...goal, verdict })}
          />
        </>
      );
  }
}

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

interface PickProps<T extends string> {
  readonly name: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly change: (value: T) => void;
}

function Pick<T extends string>({ name, value, values, change }: PickProps<T>) {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{name}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = values.find((each) => each === event.currentTarget.value);
          if (chosen !== undefined) change(chosen);
        }}
      >
        {values.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </span>
  );
}
