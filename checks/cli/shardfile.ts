import { readdirSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import type { CoverKind } from "../conformance/graph/suite.js";
import type { RandomPart } from "../conformance/random.js";
import type { Part, Shard } from "../conformance/shards.js";
import { nodeFiles } from "../engine/checkpoint/files.js";
import { BadSections, writeSections } from "../engine/checkpoint/sections.js";
import type { CheckOptions } from "./checkoptions.js";
import { Misuse } from "./exit.js";
import { makeDirectory, reasonOf } from "./files.js";
import type { Identity } from "./identity.js";
import { checkReplaceable, sectionsOf, value } from "./sectionfiles.js";
import type { NamedTrace, SuiteNumbers } from "./suitefiles.js";

/*
 * What came of one shard is a file of sections (`checks/engine/checkpoint/sections.ts`), each as V8 serializes it: what it
 * is of, as checkpoints say it; which shard of what, and how long it took; and what came of it.
 */

const NAME = "segmf-shard/1\n";
const ENDING = ".segmf-shard";

export interface ShardFile {
  readonly identity: Identity;
  readonly of: ShardOf;
  readonly result: ShardResult;
}

/** Which shard of what. */
export interface ShardOf {
  readonly shard: Shard;
  /** What a configuration calls the check. */
  readonly name: string | null;
  /** All checks of which it was to do a shard each, this one too: of another there may be no file at all. */
  readonly names: readonly (string | null)[];
  /** What the whole is to be reported as. */
  readonly options: CheckOptions;
  readonly seconds: number;
}

/** Some of the traces of a suite, and what all of it is. */
export interface SuitePart {
  readonly cover: CoverKind;
  readonly numbers: SuiteNumbers;
  readonly traces: readonly NamedTrace[];
  readonly maxGrefs: number;
}

export type ShardResult =
  | { readonly kind: "check"; readonly part: Part }
  | { readonly kind: "random"; readonly runs: number; readonly part: RandomPart }
  | { readonly kind: "suite"; readonly part: SuitePart };

/** Where a shard of a check is written. */
export function shardPath(directory: string, name: string | null, shard: Shard): string {
  return pathIn(directory, encodeURIComponent(name ?? "check"), shard);
}

/** Where a shard of a suite is written: no name of a check comes to the same, since it would be escaped. */
export function suiteShardPath(directory: string, shard: Shard): string {
  return pathIn(directory, "trace+paths", shard);
}

function pathIn(directory: string, name: string, { number, of }: Shard): string {
  return join(directory, `${name}-${number}-of-${of}${ENDING}`);
}

/** Makes sure that it can be written there, as far as that can be known before. Throws `Misuse`. */
export function checkShardPath(directory: string, path: string, force: boolean): void {
  if (directory === "") throw new Misuse('--into: expected the name of a directory, got ""');
  makeDirectory(directory, "--into");
  checkReplaceable(path, { what: `--into: ${path}`, name: NAME, kind: "shard" }, force);
}

export function writeShard(path: string, { identity, of, result }: ShardFile): void {
  try {
    writeSections(
      nodeFiles,
      path,
      NAME,
      [identity, of, result].map((each) => serialize(each)),
    );
  } catch (error) {
    throw new Misuse(`--into: ${path}: can't be written (${reasonOf(error)})`);
  }
}

/** The shards in a directory, in the order of their names, with their paths. Throws `Misuse` if one is no shard, or garbled. */
export function readShards(directory: string): ReadonlyMap<string, ShardFile> {
  const names = filesIn(directory).filter((name) => name.endsWith(ENDING));
  if (names.length === 0) {
    throw new Misuse(
      `merge ${directory}: there are no shards in it; segmf check or segmf trace paths with --shard I/N --into DIR writes them`,
    );
  }
  return new Map(names.sort().map((name) => [join(directory, name), readShard(join(directory, name))]));
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new Misuse(`merge ${directory}: ${reasonOf(error)}; expected a directory of shards`);
  }
}

function readShard(path: string): ShardFile {
  try {
    const [identity, of, result] = sectionsOf(path, NAME);
    return { identity: value<Identity>(identity), of: value<ShardOf>(of), result: value<ShardResult>(result) };
  } catch (error) {
    const why = error instanceof BadSections ? error.message : reasonOf(error);
    throw new Misuse(`merge: ${path}: can't be read: ${why}; expected what --shard I/N --into DIR writes`);
  }
}
