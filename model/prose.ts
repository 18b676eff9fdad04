import type { calls, refusals, steps } from "./guards.js";

/** What the chart's names mean, for documentation. That every name has its words is checked by the compiler. */

/** Each completes "if …". Guards of calls hold only for calls that can be made at all; of several the first counts. */
export const GUARD_PROSE: Readonly<Record<keyof typeof refusals | keyof typeof calls | keyof typeof steps, string>> = {
  foreign: "the segment belongs to another driver",
  reservedDomid: "the domain is 0 or DOMID_SELF",
  noPermission: "the segment's protections are none",
  leavesSegment: "the range leaves the segment",
  tooMany: "it is about more pages than SEGMF_MAX_GREFS",
  nothingToAdd: "there is nothing to add",
  boundElsewhere: "the segment is bound to another domain",
  inRange: "the page is in the add's range",
  part: "the range is less than the whole segment",
  badRange: "the range isn't made of whole pages, or isn't inside the segment",
  outside: "the page is outside the segment",
  callable: "the call can be made",
  live: "the segment is live",
  nothingGranted: "no page of the range is granted",
  comesToBe: "this is the segment that the call makes",
  stillbornFreed: "this is the segment that is freed",
  wholeUnmapped: "the range is the whole of this segment",
  registeredRightly: "this page is registered, at the address of its PTE",
  registeredWrongly: "this page is registered, at another address than that of its PTE",
  somebodyWaits: "somebody began to wait for this segment's address space",
  refused: "the answer is a failure",
  more: "another page comes after this one",
  someRefused: "this element was refused, or one before it",
  addsFrames: "it is frames that are added",
  childOfBound: "the parent is bound",
  ofSegment: "the call is about this segment",
  underWayHere: "this page is one of those that the call is about",
  turnOf: "it is this page's turn",
  answeredZero: "it is this page's turn, and the answer is success",
  grantedReadonly: "it is this page's turn, the answer is success, and the add's flags say read-only",
  grantedWritable: "it is this page's turn, the answer is success, and the add's flags say writable",
  nextElement: "this page's turn comes next",
  lastSoftLocksGo: "the range has soft locks, and no page outside it has one",
  lastSoftLocksGoBack: "the answer is a failure, and no page outside the range has a soft lock",
};

/** What the chart tells its own regions in the middle of a call. */
export const INTERNAL_PROSE = {
  clear: "what the range holds goes",
  load: "the page whose turn it is takes its soft lock",
  freed: "the segment is freed",
} as const;
