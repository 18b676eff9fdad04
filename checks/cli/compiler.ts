import { compileFile, compileText, type LoadOptions, toolchainAside } from "../../impl/native/index.js";
import type { Io } from "./io.js";

/** Makes modules that `openModule` reads; `null` where it is interrupted. Rejects with a `NativeError` where the file is no driver. */
export interface Compiler {
  /** Of the file at a path. */
  file(path: string, maxGrefs: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Of a text; `path` is what the file is called. */
  text(path: string, text: Uint8Array, maxGrefs: number): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Compiles beside everything else, so that Ctrl-C is heard at any time, and stops what is being compiled. */
export function compilerFor({ signal }: Io): Compiler {
  const options: LoadOptions = { toolchain: toolchainAside(signal) };
  const unlessStopped = <T>(made: Promise<T>): Promise<T | null> =>
    made.catch((thrown: unknown) => {
      if (thrown === signal.reason) return null;
      throw thrown;
    });
  return {
    file: (path, maxGrefs) => unlessStopped(compileFile(path, maxGrefs, options)),
    text: (path, text, maxGrefs) => unlessStopped(compileText(path, text, maxGrefs, options)),
  };
}
