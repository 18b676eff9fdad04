import { Misuse } from "./exit.js";
import { differences, type Identity } from "./identity.js";
import type { ShardFile } from "./shardfile.js";

/** The shards of one whole, by their paths. */
export type Shards = readonly (readonly [path: string, file: ShardFile])[];

/** Throws `Misuse` unless all are shards of one whole, each another one. */
export function checkAlike(shards: Shards): void {
  const [first] = shards;
  if (first === undefined) return;
  const [firstPath, { identity, of }] = first;
  const seen = new Map<number, string>();
  for (const [path, file] of shards) {
    const other = differences(identity, file.identity);
    if (other.length > 0) {
      const what = `the ${other.join(" and the ")} differ${other.length === 1 ? "s" : ""}`;
      throw new Misuse(`merge: ${path}: is of another check than ${firstPath}: ${what}; keep shards of each apart`);
    }
    const { shard } = file.of;
    if (shard.of !== of.shard.of) {
      throw new Misuse(
        `merge: ${path}: is one of ${shard.of} shards, ${firstPath} one of ${of.shard.of}; keep them apart`,
      );
    }
    const same = seen.get(shard.number);
    if (same !== undefined) throw new Misuse(`merge: ${path}: is the same shard as ${same}; remove one of them`);
    seen.set(shard.number, path);
  }
}

/** Throws `Misuse` unless they are of what is here. */
export function checkHere(path: string, identity: Identity, here: Identity): void {
  const other = differences(identity, here);
  if (other.length === 0) return;
  const what = `the ${other.join(" and the ")} differ${other.length === 1 ? "s" : ""}`;
  throw new Misuse(`merge: ${path}: is not of what is here: ${what}; merge with the same segmf and the same driver`);
}

/** The numbers of the shards that are missing. */
export function missingOf(shards: Shards): readonly number[] {
  const there = new Set(shards.map(([, { of }]) => of.shard.number));
  const count = shards[0]?.[1].of.shard.of ?? 0;
  return Array.from({ length: count }, (_, at) => at + 1).filter((number) => !there.has(number));
}

export function lack(number: number, of: number): string {
  return `shard ${number} of ${of} is missing`;
}
