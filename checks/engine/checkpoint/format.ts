import { endianness } from "node:os";
import { crc32 } from "node:zlib";
import {
  type Ancestry,
  type AncestryShape,
  ancestryBytes,
  ancestryShape,
  readAncestry,
  type Store,
  writeAncestry,
} from "../store/index.js";
import type { Checkpoint, Standing } from "./checkpoint.js";
import { badCheckpoint } from "./errors.js";
import { type Files, type Put, writeWhole } from "./files.js";
import { type Header, isHeader } from "./header.js";
import type { Identity } from "./identity.js";

/*
 * The file: the format's name, its version and the header's length in bytes (32 bits each, little-endian), the header as
 * JSON, the CRC-32 of all that; then the states' parents and events, in the byte order that the header names, and the
 * CRC-32 of those.
 */

const NAME = "segmf-ck";
const VERSION = 1;
const PREFIX = NAME.length + 8;
const SUM = 4;

/** Writes a checkpoint, in one piece or not at all. Throws what the file system throws. */
export function writeCheckpoint(files: Files, path: string, of: Identity, standing: Standing, store: Store): void {
  writeWhole(files, path, (put) => {
    const header: Header = { of, order: endianness(), states: ancestryShape(store), standing };
    const json = Buffer.from(JSON.stringify(header));
    const prefix = Buffer.alloc(PREFIX);
    prefix.write(NAME, "latin1");
    prefix.writeUInt32LE(VERSION, NAME.length);
    prefix.writeUInt32LE(json.length, NAME.length + 4);
    summed(put, (counted) => {
      counted(prefix);
      counted(json);
    });
    summed(put, (counted) => writeAncestry(store, counted));
  });
}

function summed(put: Put, write: (counted: Put) => void): void {
  let sum = 0;
  write((bytes) => {
    sum = crc32(bytes, sum);
    put(bytes);
  });
  const end = Buffer.alloc(SUM);
  end.writeUInt32LE(sum);
  put(end);
}

/** @throws EngineError `bad-checkpoint` if the file is missing, can't be read, or is no whole checkpoint of this version */
export function readCheckpoint(files: Files, path: string): Checkpoint {
  let file: number;
  try {
    file = files.open(path, "r");
  } catch (thrown) {
    throw badCheckpoint(path, `it can't be opened (${messageOf(thrown)})`, thrown);
  }
  try {
    return new Reader(files, file, path).all();
  } finally {
    files.close(file);
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

class Reader {
  readonly #files: Files;
  readonly #file: number;
  readonly #path: string;
  #left: number;
  #sum = 0;

  constructor(files: Files, file: number, path: string) {
    this.#files = files;
    this.#file = file;
    this.#path = path;
    this.#left = files.size(file);
  }

  all(): Checkpoint {
    const { of, order, states, standing } = this.#header();
    if (order !== endianness()) throw this.#bad(`it comes from a machine with the byte order ${order}`);
    const expected = ancestryBytes(states) + SUM;
    if (this.#left !== expected) {
      throw this.#bad(`${expected} bytes should follow its header, and ${this.#left} do: it is cut short or garbled`);
    }
    const ancestry = this.#ancestry(states);
    return { file: this.#path, of, standing, states: ancestry };
  }

  #header(): Header {
    const prefix = this.#bytes(PREFIX);
    if (prefix.toString("latin1", 0, NAME.length) !== NAME) throw this.#bad("it does not begin as a checkpoint does");
    const version = prefix.readUInt32LE(NAME.length);
    if (version !== VERSION)
      throw this.#bad(`it has version ${version} of the format, and this program reads version ${VERSION}`);
    const json = this.#bytes(prefix.readUInt32LE(NAME.length + 4));
    this.#checkSum("header");
    const header = parsed(json);
    if (!isHeader(header)) throw this.#bad("its header is not what this version writes");
    return header;
  }

  #ancestry(shape: AncestryShape): Ancestry {
    this.#sum = 0;
    const ancestry = readAncestry(shape, (into) => this.#fill(into));
    this.#checkSum("states");
    return ancestry;
  }

  #bytes(length: number): Buffer {
    if (length > this.#left) throw this.#bad("it is cut short");
    const bytes = Buffer.alloc(length);
    this.#fill(bytes);
    return bytes;
  }

  #fill(into: Uint8Array): void {
    for (let done = 0; done < into.length; ) {
      const count = this.#read(into.subarray(done));
      if (count <= 0) throw this.#bad("it is cut short");
      done += count;
    }
    this.#left -= into.length;
    this.#sum = crc32(into, this.#sum);
  }

  #read(into: Uint8Array): number {
    try {
      return this.#files.read(this.#file, into);
    } catch (thrown) {
      throw badCheckpoint(this.#path, `it can't be read (${messageOf(thrown)})`, thrown);
    }
  }

  #checkSum(of: string): void {
    const sum = this.#sum;
    if (this.#bytes(SUM).readUInt32LE() !== sum) throw this.#bad(`the checksum of its ${of} is wrong: it is garbled`);
  }

  #bad(why: string): Error {
    return badCheckpoint(this.#path, why);
  }
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch {
    return undefined;
  }
}
