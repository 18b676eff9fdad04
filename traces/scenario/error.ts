import { escapeUnprintable } from "../json/value.js";

/** A mistake in a scenario file: which file, where in it, what was expected there and what stands there instead. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  constructor(
    readonly file: string,
    /** As `$.steps[3].domid`. */
    readonly path: string,
    readonly expected: string,
    readonly got: string,
    options?: ErrorOptions,
  ) {
    // One line, also where the file's name has a line break in it.
    super(`${escapeUnprintable(file)}: ${path}: expected ${expected}, got ${got}`, options);
  }
}
