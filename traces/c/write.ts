import type { Call, PageRecord, Prot, Pte, Returned } from "../../impl/driver.js";
import type { RunSegment, RunStep } from "../run/run.js";
import type { Answers, Step } from "../scenario/scenario.js";
import { stepText } from "../scenario/text.js";
import { markOf } from "../trace/mark.js";
import { identifierOf, type Trace } from "../trace/trace.js";
import { PROLOGUE } from "./hooks.js";

export const C_FORMAT = "segmf-c/1";

/**
 * Writes a trace as a C99 function that makes the calls through hooks and compares what comes of each with the run: the
 * returned value, and the state of every segment if a hook can see it. It returns how many differences there were. A call at
 * which the driver panicked is not made: a kernel does not survive it.
 */
export function writeC({ name, scenario, run }: Trace): string {
  const steps = scenario.steps.map((step, index) => stepLines(index + 1, scenario.pages, step, run.steps[index]));
  return `/*
 * A trace, ${markOf(C_FORMAT)}: ${comment(run.driver)} on the ${run.kernel} kernel.
 * Call the function at its end with the hooks of a test module; it returns the number of differences.
 */
${PROLOGUE}
unsigned segmf_trace_${identifierOf(name)}(const struct segmf_trace_hooks *hooks, void *arg);

unsigned
segmf_trace_${identifierOf(name)}(const struct segmf_trace_hooks *hooks, void *arg)
{
	unsigned differences = 0;

	(void) hooks;
	(void) arg;
	(void) segmf_trace_same;
	(void) segmf_trace_observe;
	(void) segmf_trace_state;
${steps.flat().join("\n")}
	return (differences);
}
`;
}

function stepLines(number: number, pages: number, step: Step, result: RunStep | undefined): readonly string[] {
  const what = `${number}. ${comment(stepText(step))}`;
  if (result === undefined) return [`\t/* ${what}: not run. */`];
  if (result.panic !== null) return [`\t/* ${what}: not called, since the kernel panics: ${comment(result.panic)}. */`];
  const { call, answers } = step;
  const body = [
    `hooks->begin(arg, ${number});`,
    ...answerLines(answers),
    ...(call.waiting === true ? [`hooks->waiting(arg, ${call.seg});`] : []),
    ...("foreign" in call && call.foreign === true ? [`hooks->foreign(arg, ${call.seg});`] : []),
    ...returnLines(number, call, pages, result.ret),
    ...result.segments.flatMap((segment, seg) => segmentLines(number, seg, segment)),
  ];
  return [
    `\t/* ${what} */`,
    "\t{",
    ...declared(call),
    ...body.map((line) => (line === "" ? "" : `\t\t${line}`)),
    "\t}",
  ];
}

function answerLines({ addmap, update_va_mapping, map_grant_ref, unmap_grant_ref }: Answers): readonly string[] {
  const lines: string[] = [];
  const say = (kind: string, op: number, element: number, value: number) => {
    if (value !== 0) lines.push(`hooks->answer(arg, "${kind}", ${op}, ${element}, ${whole(value)});`);
  };
  say("addmap", 0, 0, addmap);
  for (const [op, value] of update_va_mapping.entries()) say("update_va_mapping", op, 0, value);
  for (const [kind, replies] of Object.entries({ map_grant_ref, unmap_grant_ref })) {
    for (const [op, { rc, status }] of replies.entries()) {
      say(kind, op, 0, rc);
      for (const [element, value] of status.entries()) say(`${kind}_status`, op, element, value);
    }
  }
  return lines;
}

/** Declarations come first in a block, for compilers that keep to C89 there. */
function declared(call: Call): readonly string[] {
  if (call.call !== "add_grefs" || call.grefs.length === 0) return [];
  return [`\t\tstatic const uint32_t grefs[] = { ${call.grefs.map((gref) => `${gref}U`).join(", ")} };`, ""];
}

function returnLines(number: number, call: Call, pages: number, ret: Returned): readonly string[] {
  const made = callText(call, pages);
  if (ret === null) return [`(void) ${made};`];
  const same = `differences += segmf_trace_same(hooks, arg, ${number}, "returned", ${call.seg}, 0,`;
  return [same, `    ${whole(BigInt.asIntN(64, BigInt(ret)))}, ${made});`];
}

function callText(call: Call, pages: number): string {
  const { seg } = call;
  switch (call.call) {
    case "create":
      return `hooks->create(arg, ${seg}, ${pages}, ${protBits(call.prot)}, ${protBits(call.maxprot)})`;
    case "add_mfns":
      return `hooks->add_mfns(arg, ${seg}, ${call.page}, ${call.count}, ${word(call.mfn)}, ${call.domid})`;
    case "add_gref_pte":
      return `hooks->add_gref_pte(arg, ${seg}, ${call.page}, ${word(call.pte_ma)})`;
    case "add_grefs": {
      const { page, writable, grefs, domid } = call;
      const array = grefs.length === 0 ? "0" : "grefs";
      return `hooks->add_grefs(arg, ${seg}, ${page}, ${Number(writable)}, ${array}, ${grefs.length}, ${domid})`;
    }
    case "release_grefs":
      return `hooks->release_grefs(arg, ${seg}, ${call.page}, ${call.count})`;
    case "dup":
      return `hooks->dup(arg, ${seg}, ${call.into})`;
    case "unmap":
      return `hooks->unmap(arg, ${seg}, ${whole(call.addr)}, ${whole(call.len)})`;
    case "free":
      return `hooks->free_segment(arg, ${seg})`;
    case "fault":
      return `hooks->fault(arg, ${seg}, ${call.page}, ${call.count}, "${call.type}", "${call.rw}")`;
    default: {
      const { page, count, delta = 0, prot = "none" } = call;
      return `hooks->passive(arg, "${call.call}", ${seg}, ${page}, ${count}, ${whole(delta)}, ${protBits(prot)})`;
    }
  }
}

function segmentLines(number: number, seg: number, segment: RunSegment | null): readonly string[] {
  if (segment === null) {
    return [`differences += segmf_trace_observe(hooks, arg, ${number}, "exists", ${seg}, 0, 0);`];
  }
  const { domid, softlockcnt, locks, map, ptes } = segment;
  const held = map.flatMap((record, page) => heldText(page, record, ptes[page] ?? null));
  return [
    "{",
    ...(held.length === 0 ? [] : [`\tstatic const struct segmf_trace_page held[] = { ${held.join(", ")} };`]),
    "\tstatic const struct segmf_trace_segment segment = {",
    `\t    ${seg}, ${map.length}, ${domid}, ${whole(softlockcnt)}, ${whole(locks)}, ${held.length === 0 ? "0" : "held"}, ${held.length} };`,
    "",
    `\tdifferences += segmf_trace_state(hooks, arg, ${number}, &segment);`,
    "}",
  ];
}

/** What a page holds and maps, nothing if neither. Handles are left out: every hypervisor counts its own. */
function heldText(page: number, record: PageRecord, pte: Pte | null): readonly string[] {
  if (record.type === "empty" && pte === null) return [];
  return [`{ ${page}, ${recordText(record)}, ${pteText(pte)} }`];
}

function recordText(record: PageRecord): string {
  switch (record.type) {
    case "empty":
      return "0, 0";
    case "mfn":
      return `1, ${signedWord(record.mfn)}`;
    case "gref":
      return `2, ${whole(record.gref)}`;
  }
}

function pteText(pte: Pte | null): string {
  switch (pte?.kind) {
    case undefined:
      return "0, 0";
    case "throwaway":
      return "1, 0";
    case "foreign":
      return `2, ${signedWord(pte.mfn)}`;
    case "grant":
      return `3, ${whole(pte.gref)}`;
  }
}

function protBits(prot: Prot): number {
  if (prot === "none") return 0;
  return [...prot].reduce((bits, letter) => bits | (letter === "r" ? 1 : letter === "w" ? 2 : 4), 0);
}

/** An unsigned constant of 64 bits. */
function word(value: number | bigint): string {
  return `0x${BigInt(value).toString(16)}ULL`;
}

function signedWord(value: bigint): string {
  return `(int64_t)${word(value)}`;
}

/** A signed constant; one that an `int` may not hold has its type said. */
function whole(value: number | bigint): string {
  const small = value >= -32_768 && value <= 32_767;
  return small ? String(value) : signedWord(BigInt.asUintN(64, BigInt(value)));
}

/** Text that neither ends a comment nor is told as one that begins, continues a line or spells a trigraph. */
function comment(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|[*?\\]/g, "_");
}
