import { escapeUnprintable } from "../../traces/json/value.js";
import { counted, number } from "../report/style.js";
import { EXIT } from "./exit.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import type { Register } from "./register.js";
import { cached } from "./resultcache.js";

/** `segmf cache`: what is kept of earlier checks. */
export const cacheCommand: Register = (program, io, _checker, done) => {
  const group = program
    .command("cache")
    .description("say what is kept of earlier checks, and where (SEGMF_CACHE_DIR names another place for results)")
    .addHelpText("after", helpEnd(["segmf cache", "segmf cache clear"]))
    .action(async () => {
      await say(false, io);
      done(EXIT.holds);
    });
  group
    .command("clear")
    .description("remove it all: checks are explored again, and C files compiled again")
    .addHelpText("after", helpEnd(["segmf cache clear"]))
    .action(async () => {
      await say(true, io);
      done(EXIT.holds);
    });
};

async function say(clear: boolean, io: Io): Promise<void> {
  for (const { folder, results, modules, bytes } of await cached(clear)) {
    const what = `${counted(results, "check")} and ${counted(modules, "compiled C file")}, ${number(bytes)} bytes`;
    io.out(`${clear ? "removed" : "kept"}: ${what}, in ${escapeUnprintable(folder)}\n`);
  }
}
