import type { AccessType, Call, FaultType, PassiveOp, Prot } from "../../impl/driver.js";
import { readOr } from "./answers.js";
import type { JsonNode } from "./node.js";
import { spelling } from "./node.js";
import { BYTES, FRAME, flag, OFFSET, oneOf, PAGE_DELTA, UINT16, UINT32, UINT64, whole, word } from "./scalars.js";
import { PAGE_SIZE } from "./scenario.js";

const PROTS: readonly Prot[] = ["none", "r", "w", "x", "rw", "rx", "wx", "rwx"];
const FAULT_TYPES: readonly FaultType[] = ["invalid", "prot", "softlock", "softunlock"];
const ACCESS_TYPES: readonly AccessType[] = ["read", "write", "exec", "other"];

/** The members that every call may have. */
const COMMON = ["call", "seg", "waiting"];

/** What a step of a scenario has beside its call. */
const OF_STEPS: readonly string[] = ["answers"];

/** How one call is written: the members it takes beside the common ones, and what they make of it. */
interface Shape {
  readonly members: readonly string[];
  read(step: JsonNode, seg: number): Call;
}

/** The optional members of the seg_ops that change nothing, beside `page` and `count`. */
const PASSIVE: Readonly<Record<PassiveOp, readonly ("delta" | "prot")[]>> = {
  faulta: [],
  setprot: ["prot"],
  checkprot: ["prot"],
  kluster: ["delta"],
  sync: [],
  incore: [],
  lockop: [],
  getprot: [],
  getoffset: [],
  gettype: [],
  getvp: [],
  advise: [],
  dump: [],
  pagelock: [],
  setpagesize: [],
  getmemid: [],
  getpolicy: [],
  capable: [],
  inherit: [],
};

const ACTIVE: Readonly<Record<Exclude<Call["call"], PassiveOp>, Shape>> = {
  create: {
    members: ["prot", "maxprot"],
    read: (step, seg) => ({
      call: "create",
      seg,
      prot: readOr(step.member("prot"), prot, "rw"),
      maxprot: readOr(step.member("maxprot"), prot, "rwx"),
    }),
  },
  add_mfns: {
    members: ["page", "count", "mfn", "domid", "foreign"],
    read: (step, seg) => ({
      call: "add_mfns",
      seg,
      ...range(step),
      mfn: whole(step.member("mfn"), FRAME),
      domid: whole(step.member("domid"), UINT16),
      ...(isSet(step, "foreign") ? { foreign: true } : {}),
    }),
  },
  add_gref_pte: {
    members: ["page", "pte_ma"],
    read: (step, seg) => ({
      call: "add_gref_pte",
      seg,
      page: whole(step.member("page"), UINT16),
      pte_ma: word(step.member("pte_ma"), UINT64),
    }),
  },
  add_grefs: { members: ["page", "grefs", "writable", "domid", "foreign"], read: readAddGrefs },
  release_grefs: {
    members: ["page", "count"],
    read: (step, seg) => ({ call: "release_grefs", seg, ...range(step) }),
  },
  dup: { members: ["into"], read: (step, seg) => ({ call: "dup", seg, into: whole(step.member("into"), UINT16) }) },
  unmap: { members: ["page", "count", "addr", "len"], read: readUnmap },
  free: { members: [], read: (_step, seg) => ({ call: "free", seg }) },
  fault: {
    members: ["page", "count", "type", "rw"],
    read: (step, seg) => ({
      call: "fault",
      seg,
      ...range(step),
      type: oneOf(step.member("type"), FAULT_TYPES),
      rw: oneOf(step.member("rw"), ACCESS_TYPES),
    }),
  },
};

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([...Object.entries(ACTIVE), ...passiveShapes()]);

/** The names of all calls. */
export const CALL_NAMES: readonly string[] = [...SHAPES.keys()];

/**
 * Reads the call of a step, without its answers; the values are in their ranges, whatever they mean together. `beside` names
 * the members that are not the call's and that somebody else reads.
 */
export function readCall(step: JsonNode, beside: readonly string[] = OF_STEPS): Call {
  const name = step.member("call");
  const shape = typeof name.value === "string" ? SHAPES.get(name.value) : undefined;
  if (shape === undefined) return failUnknownCall(name);
  step.only(String(name.value), [...COMMON, ...beside, ...shape.members]);
  const call = shape.read(step, whole(step.member("seg"), UINT16));
  return isSet(step, "waiting") ? { ...call, waiting: true } : call;
}

function failUnknownCall(name: JsonNode): never {
  if (typeof name.value !== "string") return name.fail("the name of a call");
  return name.fail(`the name of a call ${spelling(name.value, CALL_NAMES)}`);
}

function readAddGrefs(step: JsonNode, seg: number): Call {
  const grefs = step.member("grefs");
  const elements = grefs.elements();
  if (BigInt(elements.length) > UINT16.most) grefs.fail(`at most ${UINT16.most} refs`, String(elements.length));
  return {
    call: "add_grefs",
    seg,
    page: whole(step.member("page"), UINT16),
    grefs: elements.map((gref) => whole(gref, UINT32)),
    writable: readOr(step.member("writable"), flag, false),
    domid: whole(step.member("domid"), UINT16),
    ...(isSet(step, "foreign") ? { foreign: true } : {}),
  };
}

/** In pages, or in bytes where `addr` or `len` is given. */
function readUnmap(step: JsonNode, seg: number): Call {
  if (!(step.has("addr") || step.has("len"))) {
    const { page, count } = range(step);
    return { call: "unmap", seg, addr: page * PAGE_SIZE, len: count * PAGE_SIZE };
  }
  for (const name of ["page", "count"]) {
    const inPages = step.member(name);
    if (inPages.value !== undefined) inPages.fail(`no ${name} beside addr and len`);
  }
  return { call: "unmap", seg, addr: whole(step.member("addr"), OFFSET), len: whole(step.member("len"), BYTES) };
}

function passiveShapes(): readonly (readonly [string, Shape])[] {
  // The keys of a record are strings to TypeScript; this one's are the operations by its type.
  const operations = Object.keys(PASSIVE) as PassiveOp[];
  return operations.map((call) => {
    const optional = PASSIVE[call];
    const read: Shape["read"] = (step, seg) => ({
      call,
      seg,
      ...range(step),
      ...(optional.includes("delta") && step.has("delta") ? { delta: whole(step.member("delta"), PAGE_DELTA) } : {}),
      ...(optional.includes("prot") && step.has("prot") ? { prot: prot(step.member("prot")) } : {}),
    });
    return [call, { members: ["page", "count", ...optional], read }];
  });
}

function range(step: JsonNode): { readonly page: number; readonly count: number } {
  return { page: whole(step.member("page"), UINT16), count: whole(step.member("count"), UINT16) };
}

function prot(node: JsonNode): Prot {
  return oneOf(node, PROTS);
}

/** Whether a flag is set. It is in a call only then, so that equal calls are equal data. */
function isSet(step: JsonNode, name: "foreign" | "waiting"): boolean {
  return readOr(step.member(name), flag, false);
}
