import type fc from "fast-check";

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

/** Throws where what a user reads of a mistake is not one line. */
export function assertOneLine(message: string): void {
  if (!ONE_LINE.test(message)) throw new Error(`an error of more than one line: ${JSON.stringify(message)}`);
}
