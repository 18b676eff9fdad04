import type { KernelKind } from "../../../impl/driver.js";
import type { InvariantId } from "../../../model/judged.js";
import type { FaultClass, Scope } from "../../../model/scope.js";

/** One check by name: what `segmf check` takes as options. Paths are seen from the folder of the file. */
export interface CheckConfig {
  /** `corrected` (the default), `illumos`, or the path of a `seg_mf.c`. */
  readonly driver?: string;
  readonly kernel?: KernelKind;
  /** Errata of the driver `illumos` that are mended. */
  readonly fix?: readonly string[];
  /** Errata that the corrected driver has. */
  readonly only?: readonly string[];
  readonly pages?: number;
  readonly domids?: number;
  readonly refs?: number;
  readonly forks?: number;
  readonly maxGrefs?: number;
  readonly faults?: "all" | "none" | readonly FaultClass[];
  readonly alphabet?: Scope["alphabet"];
  readonly limitStates?: number;
  readonly limitSeconds?: number;
  /** Bytes, or such as `2GiB`. */
  readonly maxMemory?: number | string;
  /** Steps that a call of a C file may take, and kernel memory that it may allocate. */
  readonly callTimeout?: number;
  readonly callMemory?: number | string;
  readonly selfCheck?: number;
  readonly workers?: number;
  /** Random runs instead of an exploration. */
  readonly random?: number;
  readonly seed?: number;
  /** Only what breaks these is told of; all are judged all the same. */
  readonly invariants?: readonly InvariantId[];
  /** Each as `--reporter` takes it: a name, or `name=FILE`. */
  readonly reporters?: readonly string[];
  /** The folder for counterexamples, and their format. */
  readonly out?: string;
  readonly format?: string;
  /** That it holds (the default), or that exactly the findings are found that a file lists. */
  readonly expect?: "holds" | { readonly findings: string };
}

/** The content of `segmf.config.ts`, `.js` or `.json`. */
export interface Config {
  /** For editors: where the schema is. */
  readonly $schema?: string;
  readonly checks: Readonly<Record<string, CheckConfig>>;
}

/** Has an editor complete and check a configuration: `export default defineConfig({ checks: { … } })`. */
export function defineConfig(config: Config): Config {
  return config;
}
