import type { ChartNode, Taken } from "../session/chart.js";
import { useExplorer } from "./hooks.js";

/** The statechart with the active states lit, and what the last step did in it. */
export function Chart() {
  const { chart, taken } = useExplorer().view;
  return (
    <section class="panel chart" aria-labelledby="chart-title">
      <h2 id="chart-title">Statechart</h2>
      {chart === null ? (
        <p class="hint">An invariant was broken: the specification does not say where it stands.</p>
      ) : (
        <>
          {taken.length === 0 ? null : (
            <details class="taken">
              <summary>
                The last step took {taken.reduce((sum, event) => sum + event.taken.length, 0)} transitions
              </summary>
              <ol>
                {taken.map(({ event, taken: transitions, returns }, i) => (
                  <li key={i}>
                    <code>{event}</code>
                    {returns === null ? null : <span class="note"> ends the call: {returns}</span>}
                    <ul>
                      {transitions.map((transition, j) => (
                        <li key={j}>{transitionText(transition)}</li>
                      ))}
                    </ul>
                  </li>
                ))}
              </ol>
            </details>
          )}
          <div class="tree">
            {chart.children.map((child) => (
              <Node key={child.id} node={child} isRegion={false} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function transitionText({ within, from, to, guard }: Taken): string {
  const end = to.length === 0 ? "stays" : `→ ${to.join(", ")}`;
  return `${within === null ? "" : `${within}: `}${from} ${end}${guard === null ? "" : `, if ${guard}`}`;
}

/**
 * A state is a box in the box that it is part of; regions that are active together are set apart by a broken line. What is
 * within a state of several regions is shown while it is active.
 */
function Node({ node, isRegion }: { readonly node: ChartNode; readonly isRegion: boolean }) {
  const { key, kind, description, isActive, isNew, children } = node;
  const shown = kind === "parallel" && !isActive ? [] : children;
  const classes = [
    "node",
    kind,
    isRegion ? "region" : "",
    isActive ? "active" : "",
    isNew ? "new" : "",
    shown.length === 0 ? "leaf" : "",
  ];
  return (
    <div class={classes.filter(Boolean).join(" ")} title={description ?? undefined}>
      <span class="key">
        {key}
        {shown.length < children.length ? " …" : ""}
        {isActive ? <span class="sr"> (active{isNew ? ", new" : ""})</span> : null}
      </span>
      {shown.length === 0 ? null : (
        <div class="inner">
          {shown.map((child) => (
            <Node key={child.id} node={child} isRegion={kind === "parallel"} />
          ))}
        </div>
      )}
    </div>
  );
}
