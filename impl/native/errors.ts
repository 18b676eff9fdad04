/** What can keep a C file from becoming a driver. All but `capacity` are about the file or the installation: exit code 2. */
export type NativeProblem =
  /** There is no such file, it can't be read, or it is none (a folder, a device). */
  | { readonly kind: "file"; readonly path: string; readonly detail: "missing" | "unreadable" | "not a regular file" }
  /** The compiler is an optional package, and not there. */
  | { readonly kind: "no-compiler"; readonly install: string }
  /** The compiler's own messages. */
  | { readonly kind: "compile"; readonly path: string; readonly messages: string }
  /** Names that every driver has to have (docs/native.md) and this one lacks. */
  | { readonly kind: "missing-names"; readonly path: string; readonly names: readonly string[] }
  /** Kernel functions or variables that the driver uses and this kernel has not. */
  | { readonly kind: "missing-kernel-functions"; readonly path: string; readonly names: readonly string[] }
  /** The file compiles, but no module comes of it: the linker's own messages. */
  | { readonly kind: "link"; readonly path: string; readonly messages: string }
  /** A file that is to be a compiled driver, and is none. */
  | { readonly kind: "module"; readonly path: string; readonly detail: string }
  /** A run needs more segments, or more blocks of memory, than there is room for. */
  | { readonly kind: "capacity"; readonly detail: string };

/** Thrown by `loadNative` and `openModule`, and with kind `capacity` by a driver whose run outgrows its memory. Never about what a driver does. */
export class NativeError extends Error {
  readonly problem: NativeProblem;

  constructor(problem: NativeProblem, options?: ErrorOptions) {
    super(describe(problem), options);
    this.name = "NativeError";
    this.problem = problem;
  }

  get kind(): NativeProblem["kind"] {
    return this.problem.kind;
  }
}

/** One line, except for what a compiler or linker says. */
function describe(problem: NativeProblem): string {
  switch (problem.kind) {
    case "file":
      return `${problem.path}: ${problem.detail}; expected a driver's C file, such as seg_mf.c`;
    case "no-compiler":
      return `a C driver needs the compiler: ${problem.install}`;
    case "compile":
      return `${problem.path}: does not compile\n${problem.messages}`;
    case "missing-names":
      return `${problem.path}: lacks ${problem.names.join(", ")}; a driver has to have it (docs/native.md)`;
    case "missing-kernel-functions":
      return `${problem.path}: needs ${problem.names.join(", ")}, which the kernel here does not have (docs/native.md)`;
    case "link":
      return `${problem.path}: does not link\n${problem.messages}`;
    case "module":
      return `${problem.path}: ${problem.detail}; expected what segmf compile writes`;
    case "capacity":
      return problem.detail;
  }
}
