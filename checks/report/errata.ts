import type { Erratum } from "../../impl/segmf/errata.js";
import { hanging, styleFor } from "./style.js";

/** The list of errata for people. */
export function renderErrata(errata: readonly Erratum[], colours: boolean): string {
  const style = styleFor(colours);
  const entries = errata.map(({ id, title, does, follows, clause }) =>
    [
      hanging("", `${style.bold(id)}: ${title}`),
      hanging("  does      ", does),
      hanging("  debug     ", follows.debug),
      hanging("  release   ", follows.release),
      hanging("  whom      ", follows.whom),
      hanging("  contract  ", clause),
    ].join(""),
  );
  return entries.join("\n");
}
