import type { Returned } from "../../../impl/driver.js";
import { CLAUSES, type Clause } from "../../../model/clauses.js";
import { PASSIVE_OPS } from "../../../model/passive.js";
import { eventName } from "../chart/names.js";
import { keyOf, type WrittenTransition, writtenTransitions } from "../chart/transitions.js";
import { bullets, code, heading, joined, type Piece, paragraph, type Row, type Section } from "../document.js";
import { callId, clauseLink } from "../ids.js";
import type { ObservedTransition } from "../results/observe.js";

/** The calls that do something, each with the words for it. */
const CALLS = [
  ["create", "A process maps the device: a segment is made."],
  ["add_mfns", "Frames of a foreign domain are put into pages of the segment."],
  ["add_gref_pte", "A caller says where the PTE of a page is."],
  ["add_grefs", "Grants of a foreign domain are put into pages of the segment."],
  ["release_grefs", "Grants are given back."],
  ["dup", "A process with a segment forks: the child gets a segment of its own."],
  ["unmap", "The segment, or a part of it, is unmapped."],
  ["free", "A segment that has been unmapped, or never was mapped, is freed."],
  ["fault", "Somebody touched a page that isn't mapped."],
] as const;

/** A table of every transition for each call. */
export function callsSection(observed: readonly ObservedTransition[]): Section {
  const written = new Map(writtenTransitions().map((transition) => [keyOf(transition), transition]));
  const rowsOf = (call: string): readonly Taken[] =>
    inOrder(
      observed.flatMap((seen) => (seen.call === call ? [{ seen, written: writtenOf(seen, written) }] : [])),
      [...written.keys()],
    );
  return {
    id: "calls",
    title: "The calls",
    summary:
      "For each call every transition: from, event, guard, to, what the kernel is asked, what is returned, and why.",
    blocks: [
      paragraph(
        "Each table has every transition of the chart that the call takes, seen by making every call with every answer in every state of " +
          "small scopes. Of several transitions for one event the first whose guard holds is taken. Kernel functions are those that the " +
          "corrected driver called on the way, in their order; those in parentheses only where there was reason to. Functions of the " +
          "page tables and of memory without an answer come with the answer before them.",
      ),
      { kind: "table", caption: "Calls", head: ["Call", "What it is", "Contract"], rows: CALLS.map(summaryOf) },
      heading("calls-passive", "Calls that only answer"),
      {
        kind: "table",
        caption: "They change nothing",
        head: ["Call", "Returns", "Contract"],
        rows: PASSIVE_OPS.map((op) => passiveRow(op, rowsOf(op))),
      },
    ],
    parts: CALLS.map(([call, about]) => callPart(call, about, rowsOf(call))),
  };
}

interface Taken {
  readonly seen: ObservedTransition;
  readonly written: WrittenTransition;
}

function writtenOf(seen: ObservedTransition, written: ReadonlyMap<string, WrittenTransition>): WrittenTransition {
  const found = written.get(keyOf(seen));
  if (found === undefined) throw new Error(`${keyOf(seen)}: was seen, and is not in the chart any more`);
  return found;
}

/** As they are written, the call's own region first. */
function inOrder(taken: readonly Taken[], order: readonly string[]): readonly Taken[] {
  return [...taken].sort((a, b) => order.indexOf(keyOf(a.seen)) - order.indexOf(keyOf(b.seen)));
}

function summaryOf([call, about]: (typeof CALLS)[number]): Row {
  return { cells: [[{ to: callId(call), text: call }], about, clauseLinks(clausesAbout(call).map(({ id }) => id))] };
}

function passiveRow(op: string, taken: readonly Taken[]): Row {
  const returns = taken.flatMap(({ seen }) => seen.returns.map(returnText));
  const clauses = taken.flatMap(({ written }) => written.clauses);
  return { cells: [[code(op)], returns.join(", "), clauseLinks(clauses)] };
}

const HEAD = ["From", "Event", "If", "To", "Contract"] as const;
const OWN_HEAD = ["From", "Event", "If", "To", "Kernel calls", "Returns", "Contract"] as const;

function callPart(call: string, about: string, taken: readonly Taken[]): Section {
  const isOwn = ({ seen }: Taken): boolean => !BESIDE.test(seen.source);
  const clauses = clausesAbout(call);
  const own = taken.filter(isOwn).map((one) => ownRow(call, one));
  const beside = taken.filter((one) => !isOwn(one)).map((one) => besideRow(call, one));
  return {
    id: callId(call),
    title: call,
    summary: about,
    blocks: [
      bullets(clauses.map(({ id, title, prose }) => [clauseLink(id), ` ${title}. ${prose}`])),
      { kind: "table", caption: `${call}: the call itself`, head: OWN_HEAD, rows: own },
      ...(beside.length === 0
        ? []
        : [
            {
              kind: "table",
              caption: `${call}: the segment and its pages meanwhile`,
              head: HEAD,
              rows: beside,
            } as const,
          ]),
    ],
    parts: [],
  };
}

/** Regions other than that of the call under way. */
const BESIDE = /^(life|waiters|domid|content|registration)\b/;

function besideRow(call: string, { seen, written }: Taken): Row {
  const { source, targets } = seen;
  const clauses = written.clauses.filter((clause) => isOf(call, clause));
  return {
    cells: [
      [code(source)],
      eventName(seen.event),
      written.prose ?? "",
      targets.length === 0 ? "stays" : joined(targets.map(code)),
      clauseLinks(clauses),
    ],
  };
}

function ownRow(call: string, taken: Taken): Row {
  const [from = "", event = "", guard = "", to = "", contract = ""] = besideRow(call, taken).cells;
  const { kernel, returns } = taken.seen;
  const functions = kernel.map(({ fn, always }) => (always ? [code(fn)] : ["(", code(fn), ")"]));
  return {
    cells: [
      from,
      event,
      guard,
      to,
      functions.flatMap((pieces, at) => (at === 0 ? pieces : [" ", ...pieces])),
      returns.map(returnText).join(", "),
      contract,
    ],
  };
}

const ERRNOS: Readonly<Record<number, string>> = { 13: "EACCES", 14: "EFAULT", 22: "EINVAL", 48: "ENOTSUP" };

/** A value that a call returns, by its name if it is an errno of the driver's own. */
function returnText(ret: Returned): string {
  if (ret === null) return "nothing";
  return (typeof ret === "number" ? ERRNOS[ret] : undefined) ?? String(ret);
}

/** create and dup take the same transitions of the new segment, each for clauses of its own. */
function isOf(call: string, clause: string): boolean {
  const about = /^3\.(create|dup)\./.exec(clause)?.[1];
  return about === undefined || about === call;
}

function clausesAbout(call: string): readonly Clause[] {
  const words = call === "add_mfns" || call === "add_grefs" ? "adds" : call;
  return CLAUSES.filter(({ id }) => id === `3.${words}` || id.startsWith(`3.${words}.`));
}

function clauseLinks(ids: readonly string[]): readonly Piece[] {
  return joined([...new Set(ids)].map(clauseLink));
}
