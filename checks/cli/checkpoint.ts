import { existsSync, realpathSync } from "node:fs";
import { serialize } from "node:v8";
import type { JobDone, JobPosition, Ledger } from "../conformance/job.js";
import { nodeFiles } from "../engine/checkpoint/files.js";
import { BadSections, writeSections } from "../engine/checkpoint/sections.js";
import { Misuse } from "./exit.js";
import { checkDirectoryOf, reasonOf } from "./files.js";
import { differences, type Identity } from "./identity.js";
import { Pace } from "./pace.js";
import { checkReplaceable, sectionsOf, value } from "./sectionfiles.js";

/*
 * A checkpoint of a check is a file of sections (`checks/engine/checkpoint/sections.ts`), each as V8 serializes it: what it
 * is of; what came of the jobs that are through, and the numbers of those that were begun; then where each of these stands.
 */

const NAME = "segmf-check-checkpoint/1\n";

/** What was done when a checkpoint was written. */
export interface Kept {
  readonly done: ReadonlyMap<number, JobDone>;
  readonly positions: ReadonlyMap<number, Uint8Array>;
}

/** The checkpoint to go on from. Throws `Misuse` if it is missing, damaged, or of something else. */
export function readCheckpoint(path: string, identity: Identity): Kept {
  try {
    const [of, progress, ...positions] = sectionsOf(path, NAME);
    const other = differences(identity, value<Identity>(of));
    if (other.length > 0) {
      const what = `the ${other.join(" and the ")} differ${other.length === 1 ? "s" : ""}`;
      throw new BadSections(`it is of another check: ${what}`);
    }
    const { done, begun } = value<Progress>(progress);
    return { done, positions: new Map(begun.map((number, i) => [number, positions[i] ?? new Uint8Array(0)])) };
  } catch (error) {
    const why = error instanceof BadSections ? error.message : reasonOf(error);
    throw new Misuse(
      `--resume ${path}: can't be resumed: ${why}; expected a checkpoint of the same check by the same segmf`,
    );
  }
}

interface Progress {
  readonly done: ReadonlyMap<number, JobDone>;
  readonly begun: readonly number[];
}

/** Makes sure that checkpoints may be written there, as far as that can be known before. Throws `Misuse`. */
export function checkCheckpoint(path: string, force: boolean): void {
  if (path === "") throw new Misuse('--checkpoint: expected the name of a file, got ""');
  for (const file of [path, `${path}.new`]) {
    checkReplaceable(file, { what: `--checkpoint ${file}`, name: NAME, kind: "checkpoint of a check" }, force);
  }
  checkDirectoryOf(path, `--checkpoint ${path}`);
}

export interface LedgerOptions {
  /** Where checkpoints are written; `null`: nowhere. */
  readonly path: string | null;
  readonly identity: Identity;
  readonly everySeconds: number;
  /** What to go on from. */
  readonly kept: Kept | null;
}

/** Keeps what was done in a file that is replaced as a whole. One that can't be written stops nothing. */
export class FileLedger implements Ledger {
  readonly everySeconds: number;
  /** Why the last one could not be written, if it could not. */
  problem: string | null = null;
  readonly #path: string | null;
  readonly #identity: Uint8Array;
  readonly #pace: Pace;
  readonly #done: Map<number, JobDone>;
  /** Serialized: so are those of jobs that were begun, and are not being done now. */
  readonly #positions: Map<number, Uint8Array>;
  #isWritten: boolean;

  constructor({ path, identity, everySeconds, kept }: LedgerOptions) {
    // A link stays one.
    this.#path = path !== null && existsSync(path) ? realpathSync(path) : path;
    this.#identity = serialize(identity);
    this.everySeconds = path === null ? Number.POSITIVE_INFINITY : everySeconds;
    this.#pace = new Pace(this.everySeconds);
    this.#done = new Map(kept?.done);
    this.#positions = new Map(kept?.positions);
    // What was kept in another file is to be in this one, also if nothing is left to be done.
    this.#isWritten = kept === null;
  }

  isDue(): boolean {
    return this.#pace.isDue();
  }

  done(job: number): JobDone | undefined {
    return this.#done.get(job);
  }

  position(job: number): JobPosition | undefined {
    const bytes = this.#positions.get(job);
    return bytes === undefined ? undefined : value<JobPosition>(bytes);
  }

  finish(job: number, done: JobDone): void {
    this.#done.set(job, done);
    this.#positions.delete(job);
    this.#changed();
  }

  keep(job: number, position: JobPosition): void {
    if (this.#path === null) return;
    this.#positions.set(job, serialize(position));
    this.#changed();
  }

  /** Writes what is not written yet. */
  close(): void {
    if (!this.#isWritten) this.#write();
  }

  #changed(): void {
    this.#isWritten = false;
    if (this.isDue()) this.#pace.taking(() => this.#write());
  }

  #write(): void {
    if (this.#path === null) return;
    const progress: Progress = { done: this.#done, begun: [...this.#positions.keys()] };
    const sections = [this.#identity, serialize(progress), ...this.#positions.values()];
    try {
      writeSections(nodeFiles, this.#path, NAME, sections);
      this.#isWritten = true;
      this.problem = null;
    } catch (error) {
      this.problem = `--checkpoint ${this.#path}: can't be written (${reasonOf(error)})`;
    }
  }
}
