import type { Files } from "./files.js";

/** A checkpoint that is kept by whoever explores: each one is handed over as bytes, and the one to go on from is given so. */
export class BytesFiles implements Files {
  readonly #given: Uint8Array | undefined;
  readonly #take: (bytes: Uint8Array) => void;
  #written: Uint8Array[] = [];
  #read = 0;

  constructor(given: Uint8Array | undefined, take: (bytes: Uint8Array) => void) {
    this.#given = given;
    this.#take = take;
  }

  open(_path: string, mode: "r" | "w"): number {
    if (mode === "w") this.#written = [];
    else this.#read = 0;
    return 0;
  }

  size(): number {
    return this.#given?.length ?? 0;
  }

  read(_file: number, into: Uint8Array): number {
    const part = this.#given?.subarray(this.#read, this.#read + into.length) ?? new Uint8Array(0);
    into.set(part);
    this.#read += part.length;
    return part.length;
  }

  /** What is written may change once this has returned, so it is copied. */
  write(_file: number, bytes: Uint8Array): number {
    this.#written.push(bytes.slice());
    return bytes.length;
  }

  sync(): void {
    // Nothing to wait for.
  }

  close(): void {
    // Nothing to let go of.
  }

  rename(): void {
    const bytes = Buffer.concat(this.#written);
    this.#written = [];
    this.#take(bytes);
  }

  remove(): void {
    this.#written = [];
  }

  syncFolderOf(): void {
    // There is no folder.
  }
}
