import { ERRATA } from "../../impl/segmf/errata.js";
import { renderErrata } from "../report/errata.js";
import { EXIT } from "./exit.js";
import type { Register } from "./program.js";

/** `segmf errata`: what the shipped driver does otherwise than the contract says. */
export const errataCommand: Register = (program, io, done) => {
  program
    .command("errata")
    .description("list what the shipped driver does otherwise than the contract says")
    .option("--json", "as JSON (segmf-errata/1)")
    .action((options: { readonly json?: boolean }) => {
      io.out(
        options.json === true
          ? `${JSON.stringify({ format: "segmf-errata/1", errata: ERRATA }, null, 2)}\n`
          : renderErrata(ERRATA, io.colours),
      );
      done(EXIT.holds);
    });
};
