import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { HEAD, markOf } from "../../traces/trace/mark.js";
import { Misuse } from "./exit.js";

/**
 * Makes sure that a file may be written, as far as that can be known before: it is not there, or it is a file that bears the
 * mark of the format of what is to be written, or `force` says so. What is no regular file is never replaced. Throws `Misuse`.
 */
export function checkWritable(path: string, format: string, force: boolean): void {
  if (isThere(path)) {
    if (!existsSync(path) || !statSync(path).isFile()) {
      throw new Misuse(`${path}: is not a regular file; name one, or a path where one can be made`);
    }
    if (!force && !isOurs(headOf(path), format)) {
      throw new Misuse(`${path}: exists and is not segmf's own (${format}); move it away, or give --force`);
    }
  }
  checkDirectory(dirname(path), path);
}

/** Also of a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new Misuse(`${path}: can't be written (${reasonOf(error)}); name a path where a file can be made`);
  }
}

/** What a file begins with, however large it is. */
function headOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(MOST_HEAD);
      return head.toString("utf8", 0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new Misuse(`${path}: can't be read (${reasonOf(error)}), so it is not known whose it is; move it away`);
  }
}

/** Bytes in which a file of ours says what it is. */
const MOST_HEAD = 4 * HEAD;

/** Writes a file whole or not at all (aside, then renamed). `checkWritable` says whether it may be. Throws `Misuse`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const aside = `${target}.${process.pid}.tmp`;
  let isOurs = false;
  try {
    writeFileSync(aside, "", { flag: "wx" });
    isOurs = true;
    writeFileSync(aside, content);
    renameSync(aside, target);
  } catch (error) {
    if (isOurs) rmSync(aside, { force: true });
    throw new Misuse(`${path}: can't be written (${reasonOf(error)})`);
  }
}

/** A file that is written piece by piece, and is there only once it is whole. */
export interface Aside {
  write(text: string): void;
  /** The file is whole. */
  commit(): void;
  /** Leaves nothing behind, unless it was committed. */
  abandon(): void;
}

/** Begins a file with this format, aside; `checkWritable` says whether it may be written. All of it throws `Misuse`. */
export function writeAside(path: string, format: string, force: boolean): Aside {
  checkWritable(path, format, force);
  const target = existsSync(path) ? realpathSync(path) : path;
  const aside = `${target}.${process.pid}.tmp`;
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new Misuse(`${path}: can't be written (${reasonOf(error)})`);
    }
  };
  const file = attempt(() => openSync(aside, "wx"));
  let isOpen = true;
  const close = (): void => {
    isOpen = false;
    closeSync(file);
  };
  return {
    write: (text) => attempt(() => void writeSync(file, text)),
    commit: () =>
      attempt(() => {
        close();
        renameSync(aside, target);
      }),
    abandon: () => {
      if (!isOpen) return;
      close();
      rmSync(aside, { force: true });
    },
  };
}

/** Makes the directory that an option names, if it isn't there, and makes sure that files can be written into it. */
export function makeDirectory(path: string, option: string): void {
  if (existsSync(path) && !statSync(path).isDirectory()) {
    throw new Misuse(`${option} ${path}: is not a directory; name one, or a path where one can be made`);
  }
  try {
    makeMissing(path);
  } catch (error) {
    throw new Misuse(`${option} ${path}: can't be made (${reasonOf(error)}); name a directory`);
  }
  checkDirectory(path, `${option} ${path}`);
}

/** Makes a directory and those that it is in, if they aren't there. Node's own way of doing so never ends where the system takes none, as in /proc. */
export function makeMissing(path: string): void {
  if (existsSync(path)) return;
  makeMissing(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // another process may have been quicker
  }
}

/** Makes sure that a file can be made where `path` is. Throws `Misuse`, which `what` begins. */
export function checkDirectoryOf(path: string, what: string): void {
  checkDirectory(dirname(path), what);
}

function checkDirectory(path: string, what: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Misuse(`${what}: can't be written (${reasonOf(error)}); expected a directory that can be written to`);
  }
}

/** The text of a file that an option names. */
export function readText(path: string, option: string, expected: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Misuse(`${option} ${path}: ${reasonOf(error)}; expected ${expected}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "permission denied",
  EROFS: "a read-only file system",
  ENOSPC: "no space left",
};

/** Why the system refused, without the path and the name of its function. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Our own JSON says first what it is; a file in another tool's format has our mark at its head. */
function isOurs(text: string, format: string): boolean {
  const said = /^\s*\{\s*"format":\s*"(segmf-[a-z]+\/\d+)"/.exec(text)?.[1];
  return said === undefined ? text.slice(0, HEAD).includes(markOf(format)) : said === format;
}
