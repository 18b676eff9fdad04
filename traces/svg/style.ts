/** Sizes in CSS pixels. A character is as wide as that of a common monospaced font of this size. */
export const SIZE = { font: 13, character: 8, line: 20, padding: 6, gap: 16, margin: 16 } as const;

/** Colours for light and for dark; what has changed has a heavy frame and a mark as well. */
export const STYLE = `
svg { --paper: #ffffff; --ink: #1f2328; --dim: #59636e; --line: #b7bec7; --new: #0550ae; --newpaper: #ddf4ff; --bad: #b3261e; background: var(--paper); }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --dim: #9198a1; --line: #3d444d; --new: #79c0ff; --newpaper: #0c2d4d; --bad: #ff8f87; }
}
text { font: ${SIZE.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
.paper { fill: var(--paper); }
.head { font-weight: bold; }
.dim { fill: var(--dim); }
.bad { fill: var(--bad); font-weight: bold; }
.cell { fill: none; stroke: var(--line); }
.changed { fill: var(--newpaper); stroke: var(--new); stroke-width: 2; }
.new { fill: var(--new); font-weight: bold; }
`;
