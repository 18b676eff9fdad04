import { ERRATA } from "../../impl/segmf/errata.js";
import { CLAUSES } from "../../model/clauses.js";
import { renderErrata } from "../report/errata.js";
import { EXIT } from "./exit.js";
import { helpEnd } from "./help.js";
import type { Register } from "./register.js";

const EXAMPLES = ["segmf errata", "segmf errata --json", "segmf check --driver illumos --fix dup-copies-map"];

/** `segmf errata`: what the shipped driver does otherwise than the contract says. */
export const errataCommand: Register = (program, io, _checker, done) => {
  program
    .command("errata")
    .description("list what the shipped driver does otherwise than the contract says")
    .option("--json", "as JSON (segmf-errata/1), with the clauses of the contract that they cite")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action((options: { readonly json?: boolean }) => {
      io.out(
        options.json === true
          ? `${JSON.stringify({ format: "segmf-errata/1", errata: ERRATA, clauses: CLAUSES }, null, 2)}\n`
          : renderErrata(ERRATA, io.colours),
      );
      done(EXIT.holds);
    });
};
