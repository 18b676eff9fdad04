/**
 * Checkpoints of an exploration: written whole or not at all, refused if they are of something else. A checkpoint holds
 * where each state came from, not the states: these are made again, one step each, which also shows whether the machine
 * still does what it did.
 */

import { BytesFiles } from "./bytes.js";
import type { Checkpoint } from "./checkpoint.js";
import { badCheckpoint } from "./errors.js";
import { type Files, nodeFiles } from "./files.js";
import { readCheckpoint } from "./format.js";
import { differences, type Explored, identityOf } from "./identity.js";
import { type CheckpointOptions, GIVEN, Saver } from "./saver.js";

export type { Checkpoint, Standing } from "./checkpoint.js";
export { type Rederiving, rederive } from "./rederive.js";
export type { CheckpointOptions, Saver } from "./saver.js";

export interface KeepingOptions {
  readonly checkpoint?: CheckpointOptions;
  /** The checkpoint to go on from: its file, or its bytes. */
  readonly resume?: string | Uint8Array;
}

export interface Keeping {
  readonly saver?: Saver;
  readonly from?: Checkpoint;
}

/**
 * Reads the checkpoint to go on from, and sees to those to be written.
 * @throws EngineError `bad-checkpoint`, `bad-option`
 */
export function keepingOf(options: KeepingOptions, explored: Explored, files: Files = nodeFiles): Keeping {
  const { checkpoint, resume } = options;
  if (checkpoint === undefined && resume === undefined) return {};
  const identity = identityOf(explored);
  const saver = checkpoint === undefined ? {} : { saver: new Saver(checkpoint, identity, files) };
  if (resume === undefined) return saver;
  const isFile = typeof resume === "string";
  const from = isFile ? readCheckpoint(files, resume) : readCheckpoint(new BytesFiles(resume, ignore), GIVEN);
  const other = differences(identity, from.of);
  if (other.length === 0) return { ...saver, from };
  throw badCheckpoint(
    from.file,
    `it is of another exploration: the ${other.join(" and the ")} differ${other.length === 1 ? "s" : ""}`,
  );
}

/** Bytes that are read only are written by nobody. */
function ignore(): void {
  // Nothing to keep.
}
