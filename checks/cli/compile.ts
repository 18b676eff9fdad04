import type { Command } from "commander";
import { MODULE_FORMAT } from "../../impl/native/index.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import { compilerFor } from "./compiler.js";
import { EXIT, type ExitCode } from "./exit.js";
import { checkWritable, writeWhole } from "./files.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { whole } from "./options.js";
import type { Register } from "./register.js";

interface CompileOptions {
  readonly out: string;
  readonly maxGrefs: number;
  readonly force?: boolean;
}

const EXAMPLES = ["segmf compile seg_mf.c -o seg_mf.wasm"];

/** `segmf compile`: a C file as a WebAssembly module that the explorer's page takes. */
export const compileCommand: Register = (program, io, _checker, done) => {
  const command: Command = program
    .command("compile")
    .description("compile a seg_mf.c to a WebAssembly module, for the explorer's page to run; it serves either kernel")
    .argument("<file>", "a seg_mf.c, as segmf check takes it")
    .requiredOption("-o, --out <path>", "the module's file");
  command
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS, which is compiled in", whole("--max-grefs", 1, 16), FIELD_MAX_GREFS)
    .option("--force", "let --out overwrite a file that is not segmf's own")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (file: string, options: CompileOptions) => done(await compile(file, options, io)));
};

async function compile(file: string, { out, maxGrefs, force }: CompileOptions, io: Io): Promise<ExitCode> {
  checkWritable(out, MODULE_FORMAT, force === true);
  io.progress(`compiling ${file}`);
  const module = await compilerFor(io).file(file, maxGrefs);
  io.progress(null);
  if (module === null || io.signal.aborted) return EXIT.interrupted;
  writeWhole(out, module);
  return EXIT.holds;
}
