import type { Ending } from "../session/view.js";
import { useExplorer } from "./hooks.js";

/** The last call: what it returned, what the specification says of that, which invariants it broke, what it asked of the kernel. */
export function LastCall() {
  const explorer = useExplorer();
  const { ending, invariants, asking } = explorer.view;
  if (asking !== null) return null;
  if (ending === null) {
    return (
      <section class="panel last" aria-labelledby="last-title">
        <h2 id="last-title">The start</h2>
        <p class="hint">Nothing has happened yet. Choose a call, or open a trace or an erratum and step through it.</p>
      </section>
    );
  }
  const broken = invariants.filter(({ status }) => status === "broken");
  const isBad = broken.length > 0;
  return (
    <section class={`panel last ${isBad ? "bad" : ""}`} aria-labelledby="last-title">
      <h2 id="last-title">
        Step {explorer.state.tree.at.depth} <code>{ending.text}</code>
      </h2>
      <Returned ending={ending} />
      {broken.map(({ id, details }) => (
        <div key={id} class="breach">
          <strong>
            <span aria-hidden="true">✗</span> {id} is broken
          </strong>
          <ul>
            {details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        </div>
      ))}
      <KernelCalls calls={ending.kernelCalls} />
    </section>
  );
}

function Returned({ ending: { returned, panic, expected, agrees } }: { readonly ending: Ending }) {
  const got = panic === null ? `returned ${returned ?? "nothing"}` : `panicked: ${panic}`;
  return (
    <p class={`returned ${agrees ? "" : "wrong"}`}>
      <span class="got">{got}</span>
      {expected === null ? (
        <span class="said">the specification is no reference any more</span>
      ) : (
        <span class="said">
          {agrees ? "as the specification says" : "the specification says"}: {expectedText(expected)}
        </span>
      )}
    </p>
  );
}

function expectedText({ verdict, ret }: NonNullable<Ending["expected"]>): string {
  return verdict === "panics" ? "a panic" : `${verdict}, ${ret ?? "nothing"}`;
}

function KernelCalls({ calls }: { readonly calls: readonly string[] }) {
  return (
    <details class="kernel-calls">
      <summary>
        {calls.length} kernel {calls.length === 1 ? "call" : "calls"}
      </summary>
      <ol>
        {calls.map((call, i) => (
          <li key={i}>
            <code>{call}</code>
          </li>
        ))}
      </ol>
    </details>
  );
}
