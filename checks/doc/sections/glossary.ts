import { GLOSSARY } from "../../../model/glossary.js";
import type { Section } from "../document.js";

/** The kernel's words. */
export function glossarySection(): Section {
  return {
    id: "glossary",
    title: "Glossary",
    summary: "The words of illumos and Xen that are used here.",
    blocks: [
      {
        kind: "table",
        caption: "Words",
        head: ["Word", "What it means"],
        rows: GLOSSARY.map(({ term, meaning }) => ({ id: termId(term), cells: [term, meaning] })),
      },
    ],
    parts: [],
  };
}

function termId(term: string): string {
  return `term-${term.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}
