import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Examined, examine, type Installation } from "../conformance/doctor.js";
import { renderDoctor, type Versions } from "../report/doctor.js";
import { EXIT } from "./exit.js";
import { helpEnd } from "./help.js";
import type { Register } from "./register.js";
import { packageVersion, versionOf } from "./version.js";

/** The root of the package; this module is `dist/checks/cli/doctor.js` in it. */
const ROOT = new URL("../../../", import.meta.url);

const HERE: Installation = {
  recorded: (path) => readFileSync(new URL(`traces/corpus/${path}`, ROOT), "utf8"),
  cDriver: fileURLToPath(new URL("impl/native/testdriver/testdriver.c", ROOT)),
};

/** `segmf doctor`: whether this installation is right. */
export const doctorCommand: Register = (program, io, _checker, done) => {
  program
    .command("doctor")
    .description("say in a few seconds whether this installation does what it should")
    .option("--json", "as JSON (segmf-doctor/1)")
    .addHelpText("after", helpEnd(["segmf doctor"]))
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const examined: Examined[] = [];
      for await (const one of examine(HERE)) {
        examined.push(one);
        io.progress(`${one.what}: ${one.outcome}`);
        if (io.signal.aborted) break;
      }
      const interrupted = io.signal.aborted;
      io.progress(null);
      const versions = versionsHere();
      io.out(
        json
          ? `${JSON.stringify({ format: "segmf-doctor/1", versions, interrupted, examined }, null, 2)}\n`
          : renderDoctor(versions, examined, interrupted, io.colours),
      );
      if (examined.some(({ outcome }) => outcome === "wrong")) done(EXIT.violated);
      else done(interrupted ? EXIT.incomplete : EXIT.holds);
    });
};

function versionsHere(): Versions {
  return {
    segmf: packageVersion(),
    node: process.versions.node,
    xstate: versionOf("xstate"),
    clang: versionOf("@yowasp/clang"),
  };
}
