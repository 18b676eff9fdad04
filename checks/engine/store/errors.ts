/** What can be wrong with a store, or with what was asked of one. */
export type StoreErrorCode =
  /** An option makes no sense. */
  | "bad-option"
  /** The store holds as many states as it can number. */
  | "full"
  /** There was no memory for another array. The store is as it was before the call. */
  | "no-memory"
  /** A key lies outside the range that was promised. */
  | "bad-key"
  /** A conversion of keys made two states one. */
  | "bad-conversion"
  /** An image is truncated, garbled or no image at all. */
  | "bad-image";

/** Thrown by everything in this folder; `code` says what is wrong. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
