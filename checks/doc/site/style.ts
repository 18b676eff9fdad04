import { styleWithin } from "../../../traces/svg/style.js";

/** The style of every page: light or dark as the reader's system is, for narrow and wide windows, and for paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f8fa; --ink: #1f2328; --dim: #59636e; --line: #d1d9e0; --link: #0550ae; --bar: #3b6ea5; --note: #fff5d6; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --card: #161b22; --ink: #e6edf3; --dim: #9198a1; --line: #3d444d; --link: #79c0ff; --bar: #5b94cf; --note: #322a10; --bad: #ff8f87;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: break-word; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.25rem 0.5rem; z-index: 2; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.75rem 1rem; border-bottom: 1px solid var(--line); background: var(--card); }
header .name { font-weight: 600; color: var(--ink); text-decoration: none; margin-right: auto; }
#search { position: relative; flex: 0 1 22rem; min-width: 12rem; display: flex; flex-wrap: wrap; align-items: center; }
#search[hidden], #found[hidden] { display: none; }
#search label { font-size: 0.85rem; color: var(--dim); margin-right: 0.5rem; }
#search input { flex: 1 1 8rem; min-width: 0; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--dim); border-radius: 4px; padding: 0.25rem 0.5rem; }
#told { flex-basis: 100%; font-size: 0.8rem; color: var(--dim); }
#found { position: absolute; z-index: 1; top: 2.4rem; right: 0; width: min(30rem, calc(100vw - 2rem)); max-height: 70vh; overflow: auto; margin: 0; padding: 0.25rem; list-style: none; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
#found a { display: block; padding: 0.25rem 0.5rem 0; }
#found span { display: block; padding: 0 0.5rem 0.25rem; font-size: 0.8rem; color: var(--dim); }
.page { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 104rem; margin: 0 auto; }
nav.sections { padding: 0.75rem 1rem; font-size: 0.95rem; border-bottom: 1px solid var(--line); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav.sections > ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
nav.sections ul ul { display: none; }
nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
main { padding: 0.5rem 1rem 3rem; min-width: 0; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 0.5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 0.5rem; }
h2 a { color: inherit; text-decoration: none; }
h2 a:hover { text-decoration: underline; }
p, main li { max-width: 48rem; }
.summary { color: var(--dim); font-size: 1.05rem; margin-top: 0; max-width: 48rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 0.75rem 1rem; overflow-x: auto; }
pre code { font-size: 0.82rem; }
td code, th code { white-space: nowrap; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.9rem; margin: 1rem 0; min-width: 36rem; }
caption { text-align: left; color: var(--dim); padding-bottom: 0.35rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border: 1px solid var(--line); font-weight: normal; }
thead th { background: var(--card); font-weight: 600; }
tr:target, h2:target { background: var(--note); }
figure { margin: 1.5rem 0; }
figcaption { color: var(--dim); font-size: 0.9rem; margin-bottom: 0.5rem; max-width: 48rem; }
figure svg { display: block; }
.bars text, .sequence text { fill: var(--ink); font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.bars .label { text-anchor: end; }
.bars .dim { fill: var(--dim); }
.bars .bar { fill: var(--bar); }
.sequence .middle { text-anchor: middle; }
.sequence text { font-size: 12px; }
.sequence .lane { stroke: var(--line); }
.sequence .who { fill: var(--card); stroke: var(--dim); }
.sequence .message { stroke: var(--ink); stroke-width: 1.5; }
.sequence .return { stroke: var(--dim); stroke-dasharray: 5 4; stroke-width: 1.5; }
.sequence .head { fill: var(--ink); }
.sequence .note { fill: var(--note); stroke: var(--dim); }
.graph text { fill: var(--ink); font-family: Helvetica, Arial, "Liberation Sans", sans-serif; }
.graph path, .graph polygon, .graph polyline, .graph ellipse { stroke: var(--dim); }
.graph .node path { fill: var(--card); stroke: var(--ink); }
.graph .node polygon { stroke: none; fill: none; }
.graph .cluster path, .graph .cluster polygon { fill: none; stroke: var(--line); }
.graph .edge polygon, .graph .node ellipse { fill: var(--dim); }
.graph .edge text { fill: var(--dim); }
${styleWithin(".trace ")}
.more { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 2rem; border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
@media (min-width: 64rem) {
  .page { grid-template-columns: 15rem minmax(0, 1fr); }
  nav.sections { border-bottom: 0; border-right: 1px solid var(--line); padding: 1.25rem 1rem; position: sticky; top: 0; max-height: 100vh; overflow: auto; align-self: start; }
  nav.sections > ul { display: block; }
  nav.sections li { margin: 0.3rem 0; }
  nav.sections ul ul { display: block; margin: 0.25rem 0 0.5rem 0.75rem; font-size: 0.88rem; }
  main { padding: 0.5rem 2rem 4rem; }
}
@media print {
  :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --dim: #444444; --line: #999999; --link: #000000; --bar: #666666; --note: #eeeeee; }
  header, nav, .more { display: none; }
  .page { display: block; max-width: none; }
  main { padding: 0; }
  .scroll, pre { overflow: visible; }
  pre { white-space: pre-wrap; }
  table { min-width: 0; font-size: 0.75rem; }
  td code, th code { white-space: normal; }
  figure svg { max-width: 100%; height: auto; }
  figure, tr { break-inside: avoid; }
}
`;
