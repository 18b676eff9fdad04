import type { PageRecord, Pte, Returned } from "../../impl/driver.js";
import type { RunSegment, RunStep } from "../run/run.js";
import { markOf } from "../trace/mark.js";
import type { Trace } from "../trace/trace.js";

export const VCD_FORMAT = "segmf-vcd/1";

/** A signal's value: a number of its width, text, or `null` where there is none. */
type SignalValue = bigint | string | null;

/** One variable of the trace. */
interface Signal {
  readonly scope: readonly string[];
  readonly name: string;
  /** In bits; a signal of `text` has none. */
  readonly width: number | "text";
  /** After a step; `undefined` is the state before the first one. */
  at(state: VcdState | undefined): SignalValue;
}

interface VcdState {
  readonly step: number;
  readonly call: string;
  readonly result: RunStep;
}

/**
 * Writes a trace as a Value Change Dump: time n is the state after step n, time 0 the one before the first. A signal for
 * each variable: what was called and returned, and for each segment its counts and, for each page, the driver's record and
 * the PTE. What there is none of is x. Text signals are GTKWave's extension of the format.
 */
export function writeVcd({ scenario, run }: Trace): string {
  const segments = Math.max(0, ...run.steps.map((step) => step.segments.length));
  const signals = [
    ...RUN_SIGNALS,
    ...Array.from({ length: segments }, (_, seg) => segmentSignals(seg, scenario.pages)).flat(),
  ];
  const states = run.steps.map((result, index) => {
    const call = scenario.steps[index]?.call.call ?? "";
    return { step: index + 1, call, result };
  });
  const last = signals.map((signal) => changeOf(signal, undefined));
  const blocks = states.map((state) => {
    const changes: string[] = [];
    for (const [index, signal] of signals.entries()) {
      const change = changeOf(signal, state);
      if (change !== last[index]) changes.push(`${change}${identifier(index)}`);
      last[index] = change;
    }
    return [`#${state.step}`, ...changes].join("\n");
  });
  const initial = signals.map((signal, index) => `${changeOf(signal, undefined)}${identifier(index)}`);
  return [
    `$comment ${markOf(VCD_FORMAT)}: ${word(run.driver)} on the ${run.kernel} kernel; a unit of time is a step $end`,
    "$timescale 1 us $end",
    ...declarations(signals),
    "$enddefinitions $end",
    "#0",
    "$dumpvars",
    ...initial,
    "$end",
    ...blocks,
    // Without an end the last state would have no width.
    `#${states.length + 1}`,
    "",
  ].join("\n");
}

const RUN_SIGNALS: readonly Signal[] = [
  { scope: [], name: "step", width: 32, at: (state) => BigInt(state?.step ?? 0) },
  { scope: [], name: "call", width: "text", at: (state) => state?.call ?? null },
  { scope: [], name: "ret", width: 64, at: (state) => (state === undefined ? null : returnedWord(state.result.ret)) },
  { scope: [], name: "panic", width: 1, at: (state) => BigInt(state !== undefined && state.result.panic !== null) },
  { scope: [], name: "panic_reason", width: "text", at: (state) => state?.result.panic ?? null },
  { scope: [], name: "violations", width: 32, at: (state) => BigInt(state?.result.violations.length ?? 0) },
  {
    scope: [],
    name: "violated",
    width: "text",
    at: (state) => [...new Set(state?.result.violations.map(({ invariant }) => invariant))].join(",") || null,
  },
];

function returnedWord(ret: Returned): bigint | null {
  return ret === null ? null : BigInt(ret);
}

function segmentSignals(seg: number, pages: number): readonly Signal[] {
  const scope = [`segment${seg}`];
  const of = (name: string, width: number, read: (segment: RunSegment) => bigint): Signal => ({
    scope,
    name,
    width,
    at: (state) => {
      const segment = state?.result.segments[seg];
      return segment == null ? null : read(segment);
    },
  });
  return [
    { scope, name: "exists", width: 1, at: (state) => BigInt(state?.result.segments[seg] != null) },
    of("domid", 16, ({ domid }) => BigInt(domid)),
    of("softlockcnt", 64, ({ softlockcnt }) => BigInt(softlockcnt)),
    of("locks", 32, ({ locks }) => BigInt(locks)),
    ...Array.from({ length: pages }, (_, page) => pageSignals(seg, page)).flat(),
  ];
}

/** Kinds as numbers: a record is 0 empty, 1 frame, 2 grant reference; a PTE 0 none, 1 throwaway, 2 foreign, 3 grant. */
const RECORD_KINDS: Readonly<Record<PageRecord["type"], bigint>> = { empty: 0n, mfn: 1n, gref: 2n };
const PTE_KINDS: Readonly<Record<Pte["kind"], bigint>> = { throwaway: 1n, foreign: 2n, grant: 3n };

function pageSignals(seg: number, page: number): readonly Signal[] {
  const scope = [`segment${seg}`, `page${page}`];
  const of = (name: string, width: number, read: (segment: RunSegment) => bigint | null): Signal => ({
    scope,
    name,
    width,
    at: (state) => {
      const segment = state?.result.segments[seg];
      return segment == null ? null : read(segment);
    },
  });
  const recorded = ({ map }: RunSegment) => map[page] ?? { type: "empty" as const };
  const entry = ({ ptes }: RunSegment) => ptes[page] ?? null;
  return [
    of("map_kind", 2, (segment) => RECORD_KINDS[recorded(segment).type]),
    of("map_mfn", 64, (segment) => frameOf(recorded(segment))),
    of("map_gref", 32, (segment) => grefOf(recorded(segment), "gref")),
    of("map_handle", 32, (segment) => grefOf(recorded(segment), "handle")),
    of("registered", 64, ({ registered }) => registered[page] ?? null),
    of("pte_kind", 2, (segment) => pteKind(entry(segment))),
    of("pte_mfn", 64, (segment) => foreignFrame(entry(segment))),
    of("pte_handle", 32, (segment) => grantHandle(entry(segment))),
    of("pte_writable", 1, (segment) => writable(entry(segment))),
  ];
}

function frameOf(record: PageRecord): bigint | null {
  return record.type === "mfn" ? record.mfn : null;
}

function grefOf(record: PageRecord, member: "gref" | "handle"): bigint | null {
  return record.type === "gref" ? BigInt(record[member]) : null;
}

function pteKind(pte: Pte | null): bigint {
  return pte === null ? 0n : PTE_KINDS[pte.kind];
}

function foreignFrame(pte: Pte | null): bigint | null {
  return pte?.kind === "foreign" ? pte.mfn : null;
}

function grantHandle(pte: Pte | null): bigint | null {
  return pte?.kind === "grant" ? BigInt(pte.handle) : null;
}

function writable(pte: Pte | null): bigint {
  return BigInt(pte !== null && pte.kind !== "throwaway" && pte.writable);
}

/** A value as a change has it, up to the identifier. */
function changeOf({ width, at }: Signal, state: VcdState | undefined): string {
  const value = at(state);
  if (width === "text") return `s${typeof value === "string" ? word(value) : "-"} `;
  if (typeof value !== "bigint") return width === 1 ? "x" : "bx ";
  const bits = BigInt.asUintN(width, value).toString(2);
  return width === 1 ? bits : `b${bits} `;
}

/** Scopes are opened and closed as signals follow one another. */
function declarations(signals: readonly Signal[]): readonly string[] {
  const lines: string[] = ["$scope module segmf $end"];
  let open: readonly string[] = [];
  for (const [index, { scope, name, width }] of signals.entries()) {
    const common = open.findIndex((part, depth) => part !== scope[depth]);
    const kept = common === -1 ? Math.min(open.length, scope.length) : common;
    for (let depth = open.length; depth > kept; depth--) lines.push("$upscope $end");
    for (const part of scope.slice(kept)) lines.push(`$scope module ${part} $end`);
    open = scope;
    const type = width === "text" ? "string 1" : `${width === 1 ? "wire" : "reg"} ${width}`;
    const range = typeof width === "number" && width > 1 ? ` [${width - 1}:0]` : "";
    lines.push(`$var ${type} ${identifier(index)} ${name}${range} $end`);
  }
  return [...lines, ...open.map(() => "$upscope $end"), "$upscope $end"];
}

/** Printable characters, which is what identifiers are made of, without those that begin a keyword or a time. */
const FIRST = 37;
const LETTERS = 90;

/** A short identifier for each number, no two the same. */
function identifier(index: number): string {
  let rest = index;
  let text = "";
  do {
    text += String.fromCharCode(FIRST + (rest % LETTERS));
    rest = Math.floor(rest / LETTERS) - 1;
  } while (rest >= 0);
  return text;
}

/** Text without spaces, of printable ASCII: a change ends at the first space. `$` would begin a keyword. */
function word(text: string): string {
  return text.replaceAll(/\s+/g, "_").replaceAll(/[^\x21-\x23\x25-\x7e]/g, "?") || "-";
}
