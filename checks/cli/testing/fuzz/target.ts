import type fc from "fast-check";
import { escapeUnprintable } from "../../../../traces/json/value.js";

/** One kind of input, and what must hold whatever it is. */
export interface Target {
  readonly name: string;
  /** How many of a million inputs are of this kind. */
  readonly ofAMillion: number;
  readonly prepare: () => Promise<Attempts> | Attempts;
}

export interface Attempts {
  /** How an input is to be made. */
  readonly property: fc.IRawProperty<unknown>;
  readonly release?: () => Promise<void>;
}

/** One line as errors are: no control characters, nothing that turns text around. */
export const ONE_LINE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/** Throws where what a user reads of a mistake is not one line. What can't be printed is escaped where it is printed. */
export function assertOneLine(message: string): void {
  if (!ONE_LINE.test(escapeUnprintable(message)))
    throw new Error(`an error of more than one line: ${JSON.stringify(message)}`);
}
