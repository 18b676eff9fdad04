import type { InvariantStatus } from "../session/invariants.js";
import { useExplorer } from "./hooks.js";

const MARKS = { holds: "✓", broken: "✗", "not judged": "·" } as const;

/** Every invariant, and how it fared in the last step. */
export function Invariants() {
  const { invariants } = useExplorer().view;
  const count = (wanted: InvariantStatus["status"]) => invariants.filter(({ status }) => status === wanted).length;
  return (
    <section class="panel invariants" aria-labelledby="invariants-title">
      <h2 id="invariants-title">Invariants</h2>
      <p class="sum">
        <span class="holds">{count("holds")} hold</span>
        <span class={count("broken") > 0 ? "broken" : ""}>{count("broken")} broken</span>
        <span>{count("not judged")} not judged here</span>
      </p>
      <ul>
        {invariants.map((invariant) => (
          <Invariant key={invariant.id} invariant={invariant} />
        ))}
      </ul>
    </section>
  );
}

function Invariant({ invariant: { id, prose, section, status, details } }: { readonly invariant: InvariantStatus }) {
  return (
    <li class={status.replace(" ", "-")}>
      <details>
        <summary>
          <span class="mark" aria-hidden="true">
            {MARKS[status]}
          </span>
          {id} <span class="sr">{status}</span>
        </summary>
        <p>
          {prose} <span class="note">Contract section {section}.</span>
        </p>
        {details.map((detail) => (
          <p key={detail} class={status === "broken" ? "wrong-text" : "note"}>
            {detail}
          </p>
        ))}
      </details>
    </li>
  );
}
