import { EngineError } from "../errors.js";
import type { Store } from "../store/index.js";
import { BytesFiles } from "./bytes.js";
import type { Standing } from "./checkpoint.js";
import { notWritten } from "./errors.js";
import { type Files, nodeFiles } from "./files.js";
import { writeCheckpoint } from "./format.js";
import { type Identity, sha256 } from "./identity.js";

export interface CheckpointOptions {
  /**
   * Where it is written; each one replaces the one before. While it is written there is `FILE.new` beside it. Or who takes
   * its bytes, to keep them elsewhere.
   */
  readonly file: string | ((bytes: Uint8Array) => void);
  /**
   * Seconds from one to the next (60 if left out). More where writing takes more than a tenth of the time; 0 writes one
   * after every state.
   */
  readonly everySeconds?: number;
}

/** How messages name a checkpoint that is no file. */
export const GIVEN = "(bytes)";

const SECONDS = 60;
/** So many times as long as writing one took, none is written. */
const PAUSE = 10;

/** Writes checkpoints of one exploration. */
export class Saver {
  readonly everyState: boolean;
  readonly #file: string;
  readonly #milliseconds: number;
  readonly #of: Identity;
  readonly #files: Files;
  #due: number;

  /** @throws EngineError `bad-option` */
  constructor({ file, everySeconds = SECONDS }: CheckpointOptions, of: Identity, files: Files = nodeFiles) {
    if (file === "" || (typeof file !== "string" && typeof file !== "function")) {
      throw new EngineError(
        "bad-option",
        "checkpoint.file must be the name of a file, or a function that takes bytes.",
      );
    }
    if (!(typeof everySeconds === "number" && everySeconds >= 0)) {
      throw new EngineError(
        "bad-option",
        `checkpoint.everySeconds must be a number of at least 0, not ${everySeconds}.`,
      );
    }
    this.#file = typeof file === "string" ? file : GIVEN;
    this.#milliseconds = everySeconds * 1000;
    this.everyState = everySeconds === 0;
    this.#of = of;
    this.#files = typeof file === "string" ? files : new BytesFiles(undefined, file);
    this.#due = performance.now();
  }

  /** What a checkpoint says of a state: by which a run that is resumed is held to the one that was killed. */
  hash(key: string): string {
    return sha256(key);
  }

  isDue(): boolean {
    return this.everyState || performance.now() >= this.#due;
  }

  /** @throws EngineError `checkpoint-failed` */
  save(standing: Standing, store: Store): void {
    const started = performance.now();
    try {
      writeCheckpoint(this.#files, this.#file, this.#of, standing, store);
    } catch (thrown) {
      throw notWritten(this.#file, thrown);
    }
    const done = performance.now();
    this.#due = done + Math.max(this.#milliseconds, PAUSE * (done - started));
  }
}
