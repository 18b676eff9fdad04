import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import type { NativeModule } from "../../../impl/native/module.js";
import { ERRATA, type ErratumId, isErratumId } from "../../../impl/segmf/errata.js";
import { formatScenario } from "../../../traces/scenario/format.js";
import { decodeScenario } from "../../../traces/scenario/parse.js";
import { SCENARIO_FORMAT } from "../../../traces/scenario/scenario.js";
import { jsonOf } from "../../../traces/scenario/source.js";
import { MOST, type Setup } from "./setup.js";
import { type Tree, treeFrom } from "./tree.js";

/** What a link reproduces: what one walks with, and the whole history with where one stands in it. */
export interface Linked {
  readonly setup: Setup;
  readonly tree: Tree;
  /** What the walk is called. */
  readonly name: string;
}

/** A link that says nothing that can be shown. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}

/** The version of the form that links have. */
const VERSION = "1";
/** Longer links are cut by some programs that pass them on. */
const LONGEST_LINK = 60_000;
/** The most steps of a history. */
export const MOST_STEPS = 2000;

/** What histories mostly say: what is in it takes little room in a link. */
const DICTIONARY = strToU8(
  '"answers":{"addmap":6"unmap_grant_ref":{"rc":-22,"status":[-1]}"map_grant_ref":{"rc":0,"status":[0,-1]}' +
    '"update_va_mapping":[0,-22]"call":"fault","seg":0,"page":0,"count":1,"type":"softlock","rw":"read"' +
    '"call":"unmap","seg":0,"page":0,"count":2}"waiting":true"foreign":true"call":"free","seg":1}' +
    '"call":"dup","seg":0,"into":1}"call":"release_grefs","seg":0,"page":0,"count":1}' +
    '"call":"add_grefs","seg":0,"page":0,"grefs":[5,6],"writable":false,"domid":7}' +
    '"call":"add_gref_pte","seg":0,"page":0,"pte_ma":"0x9000"},{"call":"add_gref_pte","seg":0,"page":1,"pte_ma":"0x9008"}' +
    '"call":"add_mfns","seg":0,"page":0,"count":1,"mfn":"0x100","domid":7}' +
    '{"call":"create","seg":0,"prot":"rw","maxprot":"rwx"},{"call":"',
);

/** The hash of a link, after `#`; null if the history is too long for one. */
export function toHash(linked: Linked, longest = LONGEST_LINK): string | null {
  const hash = hashOf(linked);
  return hash.length > longest ? null : hash;
}

/** The same, however long. A C file can't be in a link: its name is, and whoever follows the link is asked for it. */
export function hashOf({ setup, tree, name }: Linked): string {
  const steps = tree.nodes.flatMap(({ step }) => step ?? []);
  const text = JSON.stringify({
    d: driverText(setup),
    ...(setup.kernel === "release" ? { k: 1 } : {}),
    p: setup.pages,
    f: setup.forks,
    ...(setup.maxGrefs === MOST.maxGrefs ? {} : { g: setup.maxGrefs }),
    ...(setup.creates === 1 ? {} : { c: setup.creates }),
    ...(name === "" ? {} : { n: name }),
    ...branchesOf(tree),
    a: tree.at.id,
    ...(tree.tip.id === tree.nodes.length - 1 ? {} : { e: tree.tip.id }),
    s: JSON.parse(formatScenario({ pages: setup.pages, steps })).steps,
  });
  return `${VERSION}${base64url(deflateSync(strToU8(text), { dictionary: DICTIONARY, level: 9 }))}`;
}

/** Of each node whose parent is not the one before it: its number, and its parent's. */
function branchesOf({ nodes }: Tree): { readonly b?: readonly number[] } {
  const branches = nodes.flatMap(({ id, parent }) => (parent === null || parent.id === id - 1 ? [] : [id, parent.id]));
  return branches.length === 0 ? {} : { b: branches };
}

/** What a link says. `natives` are the C files that are there. Throws `LinkError`, which says what is wrong and what to do. */
export function fromHash(hash: string, natives: readonly NativeModule[]): Linked {
  if (!hash.startsWith(VERSION))
    throw new LinkError("this link is of another version of the explorer; begin anew, or open the trace's file");
  const text = inflated(hash.slice(VERSION.length));
  const head = headOf(text);
  const segment = { pages: head.number("p", 2, 1, 512) };
  const { pages, steps } = decoded(JSON.stringify({ format: SCENARIO_FORMAT, segment, steps: head.steps }));
  if (steps.length > MOST_STEPS) throw damaged("it has too many steps");
  const parents = steps.map((_, i) => i);
  const branches = head.numbers("b");
  for (let i = 0; i + 1 < branches.length; i += 2) parents[(branches[i] ?? 0) - 1] = branches[i + 1] ?? -1;
  const at = head.number("a", 0, 0, steps.length);
  const tree = treeFrom(parents, steps, at, head.number("e", steps.length, 0, steps.length));
  if (tree === null) throw damaged("its history is no tree");
  const maxGrefs = head.number("g", MOST.maxGrefs, 1, MOST.maxGrefs);
  const setup: Setup = {
    driver: driverFrom(head.text("d"), natives, maxGrefs),
    kernel: head.number("k", 0, 0, 1) === 1 ? "release" : "debug",
    pages,
    forks: head.number("f", 0, 0, MOST_STEPS),
    maxGrefs,
    creates: head.number("c", 1, 1, MOST_STEPS),
  };
  return { setup, tree, name: head.text("n") };
}

/** Errata are told by `+` and their numbers in the list; a C file by `=` and its name. */
function driverText({ driver }: Setup): string {
  if (driver.kind === "native") return `=${driver.native.path}`;
  if (driver.errata.length === ERRATA.length) return "*";
  return driver.errata.length === 0 ? "" : `+${driver.errata.join("+")}`;
}

function driverFrom(text: string, natives: readonly NativeModule[], maxGrefs: number): Setup["driver"] {
  if (text === "*") return { kind: "edition", errata: ERRATA.map(({ id }) => id) };
  if (text.startsWith("=")) {
    const path = text.slice(1);
    const native = natives.find((known) => known.path === path && known.maxGrefs === maxGrefs);
    if (native !== undefined) return { kind: "native", native };
    throw new LinkError(
      `this link is about the driver ${path}, which is not here; open its file, then follow the link again`,
    );
  }
  const ids = text.split("+").filter((id) => id !== "");
  return { kind: "edition", errata: ids.map(erratum) };
}

function erratum(id: string): ErratumId {
  if (isErratumId(id)) return id;
  throw damaged(`it names the erratum "${id}", which there is not`);
}

function inflated(code: string): string {
  try {
    return strFromU8(inflateSync(fromBase64url(code), { dictionary: DICTIONARY }));
  } catch {
    throw damaged("a part of it is missing or changed");
  }
}

function decoded(text: string) {
  try {
    return decodeScenario(jsonOf(text, "link"), "link");
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

function damaged(what: string): LinkError {
  return new LinkError(`this link is damaged: ${what}; copy it again, whole`);
}

/** The members of a link, each in its range. */
function headOf(text: string) {
  const parsed = parsedHead(text);
  const isWhole = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value);
  return {
    steps: parsed.get("s") ?? [],
    number(name: string, otherwise: number, least: number, most: number): number {
      const value = parsed.get(name) ?? otherwise;
      if (isWhole(value) && value >= least && value <= most) return value;
      throw damaged(`${name} is not from ${least} to ${most}`);
    },
    numbers(name: string): readonly number[] {
      const value = parsed.get(name) ?? [];
      if (Array.isArray(value) && value.every(isWhole)) return value;
      throw damaged(`${name} is no list of numbers`);
    },
    text(name: string): string {
      const value = parsed.get(name) ?? "";
      if (typeof value === "string") return value;
      throw damaged(`${name} is no text`);
    },
  };
}

function parsedHead(text: string): ReadonlyMap<string, unknown> {
  try {
    return new Map<string, unknown>(Object.entries(JSON.parse(text)));
  } catch {
    throw damaged("a part of it is missing or changed");
  }
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(code: string): Uint8Array {
  const text = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
