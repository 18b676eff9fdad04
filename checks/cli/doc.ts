import type { DocOptions } from "./documentation.js";
import { Misuse } from "./exit.js";
import { helpEnd } from "./help.js";
import type { Register } from "./register.js";

const EXAMPLES = [
  "segmf doc                                  model/SPEC.md, in a checkout of segmf",
  "segmf doc --site site                      and a static site beside",
  "segmf doc --out SPEC.md                    anywhere",
  "segmf doc --check --report report.json     whether it is what the model and a check's report say",
];

/** `segmf doc`: the specification as documentation. What it takes is loaded when it is called. */
export const docCommand: Register = (program, io, _checker, done) => {
  program
    .command("doc")
    .description("write the specification as documentation: one Markdown file, and a static site")
    .option("--out <file>", "the Markdown file (default: model/SPEC.md of the checkout)")
    .option("--site <dir>", "write a static site, too: pages that need nothing but themselves")
    .option(
      "--report <file>",
      "in a checkout: take the numbers from this report of a whole segmf check (its --reporter json=FILE) instead of those that are recorded",
    )
    .option("--check", "write nothing: say what is not as it would be written, and exit with 1 if anything is")
    .option("--force", "let --out and --site overwrite files that are not segmf's own")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (options: DocOptions) => {
      for (const option of ["out", "site", "report"] as const) {
        if (options[option] === "") throw new Misuse(`--${option}: expected a name, got ""`);
      }
      if (options.check === true && options.site !== undefined) {
        throw new Misuse(
          "--check and --site exclude each other; a site is not kept, so there is nothing to compare with",
        );
      }
      const { documentation } = await import("./documentation.js");
      done(await documentation(options, io));
    });
};
