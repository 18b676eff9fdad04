import { crc32 } from "node:zlib";
import { type Files, writeWhole } from "./files.js";

/*
 * A file of sections: the name of what it is, how many sections there are (32 bits, little-endian), how many bytes each of
 * them has (64 bits each), the sections, and the CRC-32 of all that. Written in one piece or not at all.
 */

const COUNT = 4;
const LENGTH = 8;
const SUM = 4;

/** A file of sections that can't be used; the message says why. */
export class BadSections extends Error {
  override readonly name = "BadSections";
}

/** Writes a file of sections. Throws what the file system throws. */
export function writeSections(files: Files, path: string, name: string, sections: readonly Uint8Array[]): void {
  const head = Buffer.alloc(name.length + COUNT + LENGTH * sections.length);
  head.write(name, "latin1");
  head.writeUInt32LE(sections.length, name.length);
  for (const [i, { length }] of sections.entries()) {
    head.writeBigUInt64LE(BigInt(length), name.length + COUNT + LENGTH * i);
  }
  writeWhole(files, path, (put) => {
    let sum = 0;
    for (const bytes of [head, ...sections]) {
      sum = crc32(bytes, sum);
      put(bytes);
    }
    const end = Buffer.alloc(SUM);
    end.writeUInt32LE(sum);
    put(end);
  });
}

/**
 * The sections of a file.
 * @throws BadSections if it has another name, is cut short or is garbled; else what the file system throws
 */
export function readSections(files: Files, path: string, name: string): readonly Uint8Array[] {
  const file = files.open(path, "r");
  try {
    const all = Buffer.alloc(files.size(file));
    for (let done = 0; done < all.length; ) {
      const count = files.read(file, all.subarray(done));
      if (count <= 0) throw new BadSections("it is cut short");
      done += count;
    }
    return sectionsIn(all, name);
  } finally {
    files.close(file);
  }
}

function sectionsIn(all: Buffer, name: string): readonly Uint8Array[] {
  if (all.toString("latin1", 0, name.length) !== name) throw new BadSections("it does not begin as a checkpoint does");
  const end = all.length - SUM;
  if (end < name.length + COUNT || all.readUInt32LE(end) !== crc32(all.subarray(0, end))) {
    throw new BadSections("it is cut short or garbled: its checksum is wrong");
  }
  const count = all.readUInt32LE(name.length);
  let at = name.length + COUNT + LENGTH * count;
  return Array.from({ length: count }, (_, i) => {
    const length = Number(all.readBigUInt64LE(name.length + COUNT + LENGTH * i));
    at += length;
    return all.subarray(at - length, at);
  });
}
