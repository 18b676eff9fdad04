import type { Cell, Drawing, Fact, PageDrawing, SegmentDrawing } from "../session/drawing.js";
import { useExplorer } from "./hooks.js";

/** The state: each segment's pages, the driver's record beside the page table's entry, and what belongs to no segment. */
export function StateFigure() {
  const { view } = useExplorer();
  const { drawing, asking } = view;
  return (
    <section class="panel state" aria-labelledby="state-title">
      <h2 id="state-title">{asking === null ? "State" : "State in the midst of the call"}</h2>
      {drawing.segments.length === 0 ? <p class="hint">No segment yet: begin with create.</p> : null}
      {drawing.segments.map((segment) => (
        <Segment key={segment.seg} segment={segment} />
      ))}
      <Machine drawing={drawing} />
      <Disagreements details={drawing.disagreements} />
    </section>
  );
}

function Segment({ segment: { seg, life, facts, pages } }: { readonly segment: SegmentDrawing }) {
  const isGone = life.text === "gone";
  return (
    <article class={`segment ${isGone ? "gone" : ""}`} aria-labelledby={`segment-${seg}`}>
      <h3 id={`segment-${seg}`}>
        Segment {seg} <CellText cell={life} />
      </h3>
      <Facts facts={facts} />
      <table class="pages">
        <thead>
          <tr>
            <th scope="col">page</th>
            <th scope="col">driver’s map</th>
            <th scope="col">page table (PTE)</th>
            <th scope="col">registered</th>
          </tr>
        </thead>
        <tbody>
          {pages.map((page) => (
            <Page key={page.page} drawing={page} />
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Page({ drawing: { page, record, pte, registered } }: { readonly drawing: PageDrawing }) {
  return (
    <tr>
      <th scope="row">{page}</th>
      {[record, pte, registered].map((cell, column) => (
        <td key={column} class={`look-${cell.look}`}>
          <CellText cell={cell} />
        </td>
      ))}
    </tr>
  );
}

function Machine({ drawing: { machine, grants } }: { readonly drawing: Drawing }) {
  return (
    <div class="machine">
      <h3>Hypervisor, vnode, memory</h3>
      <Facts facts={machine} />
      {grants.length === 0 ? null : <Facts facts={grants} isWide />}
    </div>
  );
}

function Facts({ facts, isWide = false }: { readonly facts: readonly Fact[]; readonly isWide?: boolean }) {
  return (
    <dl class={isWide ? "facts wide" : "facts"}>
      {facts.map(({ name, cell }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <CellText cell={cell} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is there; what it was, if the last step changed it; what it must be, if the specification disagrees. */
function CellText({ cell: { text, was, must } }: { readonly cell: Cell }) {
  const classes = ["cell", was === null ? "" : "changed", must === null ? "" : "wrong"].filter(Boolean).join(" ");
  return (
    <span class={classes}>
      <span class="now">{text === "" ? "not there" : text}</span>
      {was === null ? null : <span class="was">was {was}</span>}
      {must === null ? null : <span class="must">must be {must}</span>}
    </span>
  );
}

function Disagreements({ details }: { readonly details: readonly string[] }) {
  if (details.length === 0) return null;
  return (
    <div class="disagreements">
      <h3>Specification and driver disagree</h3>
      <ul>
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
    </div>
  );
}
