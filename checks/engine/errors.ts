import { describeEvent, describePath } from "./describe.js";

/**
 * What can be wrong with a machine or with what was asked of the engine. A broken invariant, a deadlock or a limit is
 * none of these: they are results.
 */
export type EngineErrorCode =
  /** An option is missing or makes no sense. */
  | "bad-option"
  /** Something in `events` is no event, or has no type. */
  | "bad-event"
  /** The machine invokes, spawns or waits for something outside itself. */
  | "not-closed"
  /** A state holds something that has no exact key. */
  | "not-keyable"
  /** The machine could not be started. */
  | "initial-state"
  /** A guard threw. */
  | "guard-threw"
  /** An action (assign, raise, enqueueActions, an output) threw. */
  | "action-threw"
  /** One step never came to rest. */
  | "endless-step"
  /** A state changed after it had been reached. */
  | "impure"
  /** An invariant threw, or answered neither true nor false. */
  | "invariant-threw"
  /** The function given as `events` threw. */
  | "events-threw"
  /** A transition system other than a machine's threw. */
  | "system-threw"
  /** The machine can't be compiled, and only the compiled engine was asked for. */
  | "not-compilable"
  /** The compiled engine was asked to confirm a step, and XState made another of it: our fault. */
  | "disagreement"
  /** A checkpoint is missing, damaged, or of something else. */
  | "bad-checkpoint"
  /** A checkpoint could not be written. */
  | "checkpoint-failed"
  /** The machine, its events or an invariant change when things are renamed that `symmetry` says may trade places. */
  | "not-symmetric"
  /** A thread that explored a share of the states has ended before its time. */
  | "worker-died"
  /** A walk along paths was longer than its limit. */
  | "limit";

export interface EngineErrorDetails {
  /** The events from the initial state to the state where it happened; no other path is shorter. */
  readonly path?: readonly unknown[];
  /** The event that was being considered or taken there; `undefined` for none. */
  readonly event?: unknown;
  /** Names the state node, guard or invariant at fault. */
  readonly at?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Thrown (the promise rejects with it) by everything in the engine. `code` says what is wrong, `path` where. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  readonly headline: string;
  readonly path: readonly unknown[] | undefined;
  readonly event: unknown;
  readonly at: string | undefined;
  readonly hint: string | undefined;

  constructor(code: EngineErrorCode, headline: string, details: EngineErrorDetails = {}) {
    super(message(headline, details), "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.headline = headline;
    this.path = details.path;
    this.event = details.event;
    this.at = details.at;
    this.hint = details.hint;
  }

  /** The same error, with the path that leads to it, and the event if none is known yet. */
  along(path: readonly unknown[] | undefined, event: unknown): EngineError {
    const { at, hint, cause } = this;
    return new EngineError(this.code, this.headline, {
      ...(path === undefined ? {} : { path }),
      event: this.event ?? event,
      ...(at === undefined ? {} : { at }),
      ...(hint === undefined ? {} : { hint }),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

function message(headline: string, details: EngineErrorDetails): string {
  const lines = [headline];
  if (details.path !== undefined) lines.push(`  shortest path: ${describePath(details.path)}`);
  if (details.event !== undefined) lines.push(`  event: ${describeEvent(details.event)}`);
  if (details.hint !== undefined) lines.push(`  ${details.hint}`);
  return lines.join("\n");
}
