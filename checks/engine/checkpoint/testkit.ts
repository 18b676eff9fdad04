import type { AnyStateMachine, EventObject } from "xstate";
import { withCompiled } from "../compiled/compile.js";
import { explorePacked } from "../compiled/search.js";
import type { Limits } from "../limits.js";
import type { Exploration } from "../result.js";
import type { Files } from "./files.js";
import type { Explored } from "./identity.js";
import { type KeepingOptions, keepingOf } from "./index.js";

/** Thrown by `MemoryFiles` in the place of what it was told to fail at. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** Files in memory. Every operation that changes something is counted, and one of them may be the process's last. */
export class MemoryFiles implements Files {
  readonly contents = new Map<string, Buffer>();
  /** Called before an operation that changes something. */
  before: (operation: string) => void = () => undefined;
  readonly #open: { readonly path: string; at: number }[] = [];

  open(path: string, mode: "r" | "w"): number {
    if (mode === "w") {
      this.before("open");
      this.contents.set(path, Buffer.alloc(0));
    } else if (!this.contents.has(path)) {
      throw new Error(`ENOENT: no such file, open '${path}'`);
    }
    return this.#open.push({ path, at: 0 }) - 1;
  }

  size(file: number): number {
    return this.#content(file).length;
  }

  read(file: number, into: Uint8Array): number {
    const open = this.#open[file];
    if (open === undefined) throw new Error("EBADF");
    // A few bytes at a time, as a file system may.
    const part = this.#content(file).subarray(open.at, open.at + Math.min(into.length, MOST_AT_ONCE));
    into.set(part);
    open.at += part.length;
    return part.length;
  }

  write(file: number, bytes: Uint8Array): number {
    this.before("write");
    const part = bytes.subarray(0, MOST_AT_ONCE);
    this.contents.set(this.#path(file), Buffer.concat([this.#content(file), part]));
    return part.length;
  }

  sync(): void {
    this.before("sync");
  }

  close(): void {
    // Nothing to let go of.
  }

  rename(from: string, to: string): void {
    this.before("rename");
    const content = this.contents.get(from);
    if (content === undefined) throw new Error(`ENOENT: no such file, rename '${from}'`);
    this.contents.delete(from);
    this.contents.set(to, content);
  }

  remove(path: string): void {
    this.before("remove");
    this.contents.delete(path);
  }

  syncFolderOf(): void {
    this.before("sync folder");
  }

  #path(file: number): string {
    const open = this.#open[file];
    if (open === undefined) throw new Error("EBADF");
    return open.path;
  }

  #content(file: number): Buffer {
    return this.contents.get(this.#path(file)) ?? Buffer.alloc(0);
  }
}

const MOST_AT_ONCE = 1000;

export interface Case extends Explored {
  readonly machine: AnyStateMachine;
  readonly selfCheck?: number;
}

/** What `explore` does, with the files given. */
export async function exploreWith(
  files: Files,
  explored: Case,
  options: KeepingOptions & { readonly limits?: Limits },
): Promise<Exploration<EventObject>> {
  const { machine, events, input, invariants, selfCheck = 0 } = explored;
  const keeping = keepingOf(options, explored, files);
  return await withCompiled(machine, events, input, (system) =>
    explorePacked(system, { invariants, selfCheck, limits: options.limits ?? {}, ...keeping }),
  );
}

/** The whole result as JSON, but for the bytes. */
export function reported(found: Exploration<EventObject>): string {
  return JSON.stringify(found, (name, value: unknown) => (name === "bytes" ? undefined : value), 1);
}
