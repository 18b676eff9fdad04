import type { Erratum } from "../../impl/segmf/errata.js";
import { styleFor } from "./style.js";

/** The list of errata for people. */
export function renderErrata(errata: readonly Erratum[], colours: boolean): string {
  const style = styleFor(colours);
  const entries = errata.map(({ id, title, does, follows, clause }) =>
    [
      `${style.bold(id)}: ${title}`,
      `  does      ${does}`,
      `  debug     ${follows.debug}`,
      `  release   ${follows.release}`,
      `  whom      ${follows.whom}`,
      `  contract  ${clause}`,
    ].join("\n"),
  );
  return `${entries.join("\n\n")}\n`;
}
