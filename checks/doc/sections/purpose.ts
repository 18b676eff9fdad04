import { PURPOSE } from "../../../model/purpose.js";
import { bullets, link, paragraph, type Section } from "../document.js";

/** What the driver is for, and what is said where. */
export function purposeSection(others: readonly Section[]): Section {
  return {
    id: "purpose",
    title: "What the driver is for",
    summary: "Who needs it, for what, and what is specified here.",
    blocks: [
      ...PURPOSE.map((text) => paragraph(text)),
      paragraph("What follows is made from the model that is checked, and from what the checks found:"),
      bullets(others.map(({ id, title, summary }) => [link(id, title), `: ${summary}`])),
    ],
    parts: [],
  };
}
