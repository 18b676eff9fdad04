import { useEffect, useRef, useState } from "preact/hooks";
import type { HistoryItem } from "../session/history.js";
import { useDesk, useExplorer } from "./hooks.js";

/** Milliseconds between two steps while a walk plays. */
const PACE = 900;

/** Undo, redo, play, and the next violation. */
export function Transport({ seek }: { readonly seek: () => void }) {
  const explorer = useExplorer();
  const { tree, underWay } = explorer.state;
  const [isPlaying, setPlaying] = useState(false);
  const isAtEnd = tree.at === tree.tip && underWay === null;
  useEffect(() => {
    if (!isPlaying) return;
    if (isAtEnd) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => {
      const before = explorer.state.tree.at;
      explorer.redo();
      const isBroken = explorer.view.invariants.some(({ status }) => status === "broken");
      if (explorer.state.tree.at === before || isBroken) setPlaying(false);
    }, PACE);
    return () => clearTimeout(timer);
  });
  const isAtStart = tree.at.parent === null && underWay === null;
  return (
    <div class="transport" role="toolbar" aria-label="Walk">
      <button type="button" disabled={isAtStart} onClick={() => explorer.jump(0)} title="To the start">
        <Icon name="start" />
        <span class="sr">To the start</span>
      </button>
      <button type="button" disabled={isAtStart} onClick={() => explorer.undo()} title="One step back (Ctrl+Z)">
        <Icon name="back" />
        <span class="label">Back</span>
      </button>
      <button
        type="button"
        class="primary"
        disabled={isAtEnd}
        onClick={() => setPlaying(!isPlaying)}
        title="Takes one step after the other; stops where an invariant is broken"
      >
        <Icon name={isPlaying ? "pause" : "play"} />
        <span class="label">{isPlaying ? "Pause" : "Play"}</span>
      </button>
      <button type="button" disabled={isAtEnd} onClick={() => explorer.redo()} title="One step on (Ctrl+Shift+Z)">
        <Icon name="on" />
        <span class="label">Step</span>
      </button>
      <button type="button" disabled={isAtEnd} onClick={() => explorer.jump(tree.tip.id)} title="To the end">
        <Icon name="end" />
        <span class="sr">To the end</span>
      </button>
      <button
        type="button"
        class="seek"
        onClick={seek}
        title="The next one in the history, or else the nearest one there is"
      >
        Next violation
      </button>
    </div>
  );
}

const SHAPES = {
  start: "M4 3h2v10H4zM13 3v10L6.5 8z",
  back: "M11.5 3v10L4 8z",
  play: "M5 3v10l8-5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  on: "M4.5 3v10L12 8z",
  end: "M10 3h2v10h-2zM3 3v10l6.5-5z",
} as const;

function Icon({ name }: { readonly name: keyof typeof SHAPES }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} fill="currentColor" />
    </svg>
  );
}

/** The line that one stands on, with the branches off it. */
export function History() {
  const explorer = useExplorer();
  const { say } = useDesk();
  const here = useRef<HTMLButtonElement>(null);
  const at = explorer.state.tree.at.id;
  useEffect(() => {
    const list = here.current?.closest("ol");
    // Only the list itself is scrolled, never the page.
    if (list && here.current) keepInSight(list, here.current);
  }, [at]);
  return (
    <section class="panel history" aria-labelledby="history-title">
      <div class="heading">
        <h2 id="history-title">History</h2>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            explorer.reset();
            say({ kind: "done", text: "The history is empty: a new walk begins." });
          }}
        >
          New walk
        </button>
      </div>
      <ol>
        {explorer.history.map((item) => (
          <Item key={item.id} item={item} here={here} />
        ))}
      </ol>
    </section>
  );
}

function keepInSight(list: HTMLElement, item: HTMLElement): void {
  const { top, bottom } = item.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (top < frame.top) list.scrollTop -= frame.top - top + 8;
  else if (bottom > frame.bottom) list.scrollTop += bottom - frame.bottom + 8;
}

function Item({ item, here }: { readonly item: HistoryItem; readonly here: { current: HTMLButtonElement | null } }) {
  const explorer = useExplorer();
  const { id, depth, text, isHere, isMade, broken, panic, reference, branches } = item;
  const mark = broken.length > 0 ? "broken" : panic === null ? (reference ? "" : "alone") : "panic";
  return (
    <li class={`${isHere ? "here" : ""} ${mark}`}>
      <button
        type="button"
        ref={isHere ? here : null}
        aria-current={isHere ? "step" : undefined}
        disabled={!isMade}
        onClick={() => explorer.jump(id)}
      >
        <span class="number">{depth}</span>
        <span class="text">
          {text}
          {isMade ? null : <span class="note">can’t be made with this driver</span>}
          {broken.length === 0 ? null : <span class="note bad">breaks {broken.join(", ")}</span>}
          {panic === null ? null : <span class="note bad">panic: {panic}</span>}
        </span>
      </button>
      {branches.length === 0 ? null : (
        <ul class="branches">
          {branches.map((branch) => (
            <li key={branch.id}>
              <button type="button" onClick={() => explorer.jump(branch.id)}>
                <span aria-hidden="true">⑂ </span>
                <span class="sr">branch: </span>
                {branch.text} <span class="note">{branch.states === 1 ? "1 step" : `${branch.states} steps`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
