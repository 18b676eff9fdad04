import type { Call, KernelKind, Returned } from "../../impl/driver.js";
import type { GrantAnswer } from "../scenario/scenario.js";

export const LOG_FORMAT = "segmf-log/1";

/** The most bytes of a line, its end not counted: the longest call there is, 65,535 refs, has some 720,000. */
export const LONGEST_LINE = 2 ** 20;

/** What a log says of itself, in its first line. */
export interface LogHeader {
  /** Pages of every segment whose calls don't say otherwise, 1 to 512. */
  readonly pages: number;
  /** SEGMF_MAX_GREFS of the driver that was logged. */
  readonly maxGrefs: number;
  /** `empty`: no segment was there when the log began. `middle`: nothing is known of what was there. */
  readonly start: "empty" | "middle";
  /** How many calls were under way when the log began, of which it has no more than the return. */
  readonly underWay: number;
  /**
   * Which of the kernel's answers were seen: `all` (what is left out of a return is success), `some` (what is left out was not
   * seen) or `none`.
   */
  readonly answers: "all" | "some" | "none";
  /**
   * What `pte_ma` is: by the convention of scenarios, so that another value is known to be a mistake, or an address of a real
   * machine, which says nothing of itself.
   */
  readonly addresses: "convention" | "machine";
  /** Who made it, for people to read. */
  readonly recorded: { readonly driver: string; readonly kernel: KernelKind } | null;
}

/**
 * The kernel's answers during one call as far as they were seen: a kind that is left out was not. Those that are there are in
 * the normal form of scenarios, in which no list ends in a success.
 */
export interface SeenAnswers {
  readonly addmap?: number;
  readonly update_va_mapping?: readonly number[];
  readonly map_grant_ref?: readonly GrantAnswer[];
  readonly unmap_grant_ref?: readonly GrantAnswer[];
}

/** A thread calls the driver. */
export interface CallEvent {
  readonly event: "call";
  readonly thread: number;
  /** The address space that the segment is in, if it was seen. */
  readonly space?: number;
  /** The segment's pages, where they are not the header's. */
  readonly pages?: number;
  readonly call: Call;
}

/** The driver returns to a thread. */
export interface ReturnEvent {
  readonly event: "return";
  readonly thread: number;
  /** `undefined`: not seen. A call that returns nothing returns `null`. */
  readonly ret: Returned | undefined;
  readonly answers: SeenAnswers;
}

/** The kernel panics within a thread's call. Nothing follows but the end. */
export interface PanicEvent {
  readonly event: "panic";
  readonly thread: number;
  readonly reason: string;
  readonly answers: SeenAnswers;
}

/** Logging was ended in good order. A log without it is truncated. */
export interface EndEvent {
  readonly event: "end";
}

export type LogEvent = CallEvent | ReturnEvent | PanicEvent | EndEvent;

/** A whole log. */
export interface Log {
  readonly header: LogHeader;
  readonly events: readonly LogEvent[];
}

/** An event and the line that it is in, counted from 1. */
export interface LoggedEvent {
  readonly line: number;
  readonly event: LogEvent;
}

/** What a header says where it says nothing. */
export const PLAIN_HEADER: LogHeader = {
  pages: 1,
  maxGrefs: 16,
  start: "empty",
  underWay: 0,
  answers: "all",
  addresses: "convention",
  recorded: null,
};
