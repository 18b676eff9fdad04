import { PanicReason } from "../../../impl/kernel/panic.js";
import { CLAUSES } from "../../../model/clauses.js";
import { ALL_FAULTS, FAULT_CLASSES } from "../../../model/scope.js";
import { bullets, code, heading, paragraph, type Section, strong } from "../document.js";
import { clauseLink } from "../ids.js";

/** What the kernel below the driver does, and what it does to a driver that breaks the rules. */
export function kernelSection(): Section {
  const rules = CLAUSES.filter(({ section }) => section === "4");
  return {
    id: "kernel",
    title: "The kernel's rules",
    summary: "What the driver may rely on, what the environment may refuse, and for what the kernel panics.",
    blocks: [
      paragraph(
        "Drivers run on a strict model kernel. It plays by the rules below, records every call, asks the environment for every answer, " +
          "and ends the run with a named reason where a real kernel would panic.",
      ),
      bullets(rules.map(({ id, title, prose }) => [strong(`${title}.`), ` ${prose} (`, clauseLink(id), ")"])),
      heading("answers", "What the environment may do"),
      paragraph("An exploration branches on each of these. Scopes name them as faults:"),
      bullets(FAULT_CLASSES.map((fault) => [code(fault), ALL_FAULTS.has(fault) ? "" : " (only if a scope names it)"])),
      heading("panics", "What the kernel panics for"),
      bullets(Object.values(PanicReason).map((reason) => [code(reason)])),
    ],
    parts: [],
  };
}
