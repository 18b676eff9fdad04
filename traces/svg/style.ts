/** Sizes in CSS pixels. A character is as wide as that of a common monospaced font of this size. */
export const SIZE = { font: 13, character: 8, line: 20, padding: 6, gap: 16, margin: 16 } as const;

interface Colours {
  readonly paper: string;
  readonly ink: string;
  readonly dim: string;
  readonly line: string;
  readonly fresh: string;
  readonly freshPaper: string;
  readonly bad: string;
}

const LIGHT: Colours = {
  paper: "#ffffff",
  ink: "#1f2328",
  dim: "#59636e",
  line: "#b7bec7",
  fresh: "#0550ae",
  freshPaper: "#ddf4ff",
  bad: "#b3261e",
};

const DARK: Colours = {
  paper: "#0d1117",
  ink: "#e6edf3",
  dim: "#9198a1",
  line: "#3d444d",
  fresh: "#79c0ff",
  freshPaper: "#0c2d4d",
  bad: "#ff8f87",
};

/** Colours are said in full in each rule: not every program that draws SVG knows variables. */
function rules({ paper, ink, dim, line, fresh, freshPaper, bad }: Colours, within: string): string {
  return `${within}.paper { fill: ${paper}; }
${within}text { fill: ${ink}; }
${within}.dim { fill: ${dim}; }
${within}.bad { fill: ${bad}; }
${within}.new { fill: ${fresh}; }
${within}.cell { stroke: ${line}; }
${within}.changed { fill: ${freshPaper}; stroke: ${fresh}; }`;
}

/** Light, or dark where the reader's system is; what has changed has a heavy frame and a mark as well. `within` begins every selector. */
export function styleWithin(within: string): string {
  return `
${within}text { font: ${SIZE.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
${within}.head, ${within}.bad, ${within}.new { font-weight: bold; }
${within}.cell { fill: none; }
${within}.changed { stroke-width: 2; }
${rules(LIGHT, within)}
@media (prefers-color-scheme: dark) {
${rules(DARK, within)}
}
`;
}

/** For a drawing by itself. */
export const STYLE = styleWithin("");
