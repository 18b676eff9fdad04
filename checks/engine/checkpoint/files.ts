import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** As much of a file system as checkpoints need. Everything throws what Node's `fs` throws. */
export interface Files {
  /** Opens a file to be read, or an empty one to be written in the place of what is there. */
  open(path: string, mode: "r" | "w"): number;
  /** Bytes of an open file. */
  size(file: number): number;
  /** Fills the first bytes of `into` and answers how many; 0 at the end. */
  read(file: number, into: Uint8Array): number;
  /** Writes some of the bytes and answers how many. */
  write(file: number, bytes: Uint8Array): number;
  /** Returns when what was written is on the disk. */
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  /** Removes a file if it is there. */
  remove(path: string): void;
  /** Returns when the names in the folder of that file are on the disk, where the system can say so. */
  syncFolderOf(path: string): void;
}

/** Node refuses to read or write 2 GiB at once; whoever reads or writes goes on with the rest. */
const MOST_AT_ONCE = 2 ** 30;

export const nodeFiles: Files = {
  open: (path, mode) => openSync(path, mode),
  size: (file) => fstatSync(file).size,
  read: (file, into) => readSync(file, into.subarray(0, MOST_AT_ONCE)),
  write: (file, bytes) => writeSync(file, bytes.subarray(0, MOST_AT_ONCE)),
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  syncFolderOf(path) {
    let folder: number | undefined;
    try {
      folder = openSync(dirname(path), "r");
      fsyncSync(folder);
    } catch {
      // Not every system lets folders be opened. The file is whole under its name all the same.
    } finally {
      if (folder !== undefined) closeSync(folder);
    }
  },
};

/** Takes the next bytes of a file. */
export type Put = (bytes: Uint8Array) => void;

/**
 * Writes a file so that under its name there is, at any moment and whatever happens, what was there before or all of what
 * is written now: it is written aside, as `PATH.new`, and takes the name when it is whole and on the disk.
 */
export function writeWhole(files: Files, path: string, write: (put: Put) => void): void {
  const aside = `${path}.new`;
  try {
    const file = files.open(aside, "w");
    try {
      write((bytes) => {
        for (let done = 0; done < bytes.length; ) done += files.write(file, bytes.subarray(done));
      });
      files.sync(file);
    } finally {
      files.close(file);
    }
    files.rename(aside, path);
  } catch (thrown) {
    removeIfPossible(files, aside);
    throw thrown;
  }
  files.syncFolderOf(path);
}

function removeIfPossible(files: Files, path: string): void {
  try {
    files.remove(path);
  } catch {
    // What went wrong first is what is told.
  }
}
