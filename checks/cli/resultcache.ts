import { createHash } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { serialize } from "node:v8";
import { defaultCacheFolder, isOurs } from "../../impl/native/index.js";
import type { JobDone, JobPosition, Ledger } from "../conformance/job.js";
import { nodeFiles } from "../engine/checkpoint/files.js";
import { writeSections } from "../engine/checkpoint/sections.js";
import { makeMissing } from "./files.js";
import { differences, type Identity } from "./identity.js";
import { sectionsOf, value } from "./sectionfiles.js";

/*
 * What came of a check's jobs, kept by what it is of: for each check a file of sections, named by the hash of its identity.
 * The identity has all that decides what comes of a job, to the hash of the program and of the C file, so what is found is
 * never out of date. One that is damaged is as good as none, and what can't be written only takes its time again.
 */

const NAME = "segmf-results/1\n";
const ENDING = ".results";

/** So many checks are kept, those that were written last. */
const MOST_KEPT = 64;

/** The ledger of a check whose jobs may have been done before. */
export class CachedResults implements Ledger {
  readonly everySeconds = Number.POSITIVE_INFINITY;
  /** The folder that they are in. */
  readonly folder: string;
  readonly #of: () => Identity;
  readonly #identity: Identity;
  readonly #done: Map<number, JobDone>;
  #known = 0;
  #isNew = false;

  private constructor(folder: string, of: () => Identity) {
    this.folder = folder;
    this.#of = of;
    this.#identity = of();
    this.#done = new Map(read(folder, this.#identity));
  }

  /**
   * What is known of a check; `null` if nothing can be kept here, since the folder is somebody else's.
   * @param of says what the check is of, as its files are at the moment
   */
  static async open(of: () => Identity): Promise<CachedResults | null> {
    const folder = await resultsFolder();
    try {
      makeMissing(folder);
    } catch {
      return null;
    }
    return (await isOurs(folder)) ? new CachedResults(folder, () => ({ ...of(), node: process.version })) : null;
  }

  isDue(): boolean {
    return false;
  }

  done(job: number): JobDone | undefined {
    const done = this.#done.get(job);
    if (done !== undefined) this.#known += 1;
    return done;
  }

  position(): undefined {
    return;
  }

  finish(job: number, done: JobDone): void {
    if (this.#done.has(job)) return;
    this.#done.set(job, done);
    this.#isNew = true;
  }

  keep(_job: number, _position: JobPosition): void {
    // Only what is through is kept.
  }

  /** How many jobs were not done again. */
  get known(): number {
    return this.#known;
  }

  get size(): number {
    return this.#done.size;
  }

  /** Keeps what is new, unless a file has changed meanwhile: then there is no telling what was explored. */
  close(): void {
    if (!this.#isNew || this.#hasChanged()) return;
    const path = join(this.folder, nameOf(this.#identity));
    // Each process writes aside under a name of its own, so that two don't write into one file.
    const aside = `${path}.${process.pid}`;
    try {
      writeSections(nodeFiles, aside, NAME, [serialize(this.#identity), serialize(this.#done)]);
      nodeFiles.rename(aside, path);
      forgetOldest(this.folder);
    } catch {
      rmSync(aside, { force: true });
    }
  }

  #hasChanged(): boolean {
    try {
      return differences(this.#identity, this.#of()).length > 0;
    } catch {
      // It is gone.
      return true;
    }
  }
}

/** Where results are kept: where the user says, else where compiled modules are. */
async function resultsFolder(): Promise<string> {
  const { SEGMF_CACHE_DIR: said = "" } = process.env;
  return said === "" ? await defaultCacheFolder() : resolve(said);
}

function nameOf(identity: Identity): string {
  const text = JSON.stringify(Object.entries(identity).sort(([one], [other]) => (one < other ? -1 : 1)));
  return `${createHash("sha256").update(text).digest("hex")}${ENDING}`;
}

function read(folder: string, identity: Identity): ReadonlyMap<number, JobDone> {
  try {
    const [of, done] = sectionsOf(join(folder, nameOf(identity)), NAME);
    const isSame = differences(identity, value<Identity>(of)).length === 0;
    return isSame ? value<ReadonlyMap<number, JobDone>>(done) : new Map();
  } catch {
    return new Map();
  }
}

function forgetOldest(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of files.slice(MOST_KEPT)) rmSync(path, { force: true });
}

/** What a folder of the cache holds. */
export interface Cached {
  readonly folder: string;
  readonly results: number;
  readonly modules: number;
  readonly bytes: number;
}

/** Says what is kept, folder by folder; `clear` removes it, and nothing but what segmf keeps there. */
export async function cached(clear: boolean): Promise<readonly Cached[]> {
  const folders = new Set([await resultsFolder(), await defaultCacheFolder()]);
  return await Promise.all([...folders].map((folder) => cachedIn(folder, clear)));
}

async function cachedIn(folder: string, clear: boolean): Promise<Cached> {
  const count = { results: 0, modules: 0, bytes: 0 };
  if (!(await isOurs(folder))) return { folder, ...count };
  for (const name of readdirSync(folder)) {
    const kind = /^[0-9a-f]{64}\.(module|results)(\.[0-9a-f]+)?$/.exec(name)?.[1];
    if (kind === undefined) continue;
    const path = join(folder, name);
    count.bytes += statSync(path).size;
    if (kind === "module") count.modules += 1;
    else count.results += 1;
    if (clear) rmSync(path, { force: true });
  }
  return { folder, ...count };
}
