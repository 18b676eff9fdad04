import test from "ava";
import { BadSections, readSections, writeSections } from "./sections.js";
import { Killed, MemoryFiles } from "./testkit.js";

const NAME = "some-name/1\n";
const FILE = "sections";
const SECTIONS = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(3000).fill(7)];

function written(sections: readonly Uint8Array[] = SECTIONS): MemoryFiles {
  const files = new MemoryFiles();
  writeSections(files, FILE, NAME, sections);
  return files;
}

function read(files: MemoryFiles, name = NAME): readonly number[][] {
  return readSections(files, FILE, name).map((section) => [...section]);
}

function withContent(content: Buffer): MemoryFiles {
  const files = new MemoryFiles();
  files.contents.set(FILE, content);
  return files;
}

test("sections are read as they were written, and so is none at all", (t) => {
  t.deepEqual(
    read(written()),
    SECTIONS.map((section) => [...section]),
  );
  t.deepEqual(read(written([])), []);
});

test("a file of something else, one that is cut short anywhere, and one with any bit changed are refused", (t) => {
  const content = written([Uint8Array.of(1, 2), Uint8Array.of(3)]).contents.get(FILE) ?? Buffer.alloc(0);
  t.is(content.length, NAME.length + 4 + 16 + 3 + 4);
  t.throws(() => read(withContent(content), "other-name/1\n"), {
    instanceOf: BadSections,
    message: "it does not begin as a checkpoint does",
  });
  for (let length = 0; length < content.length; length++) {
    t.throws(() => read(withContent(content.subarray(0, length))), { instanceOf: BadSections }, `${length} bytes`);
  }
  for (let bit = 0; bit < content.length * 8; bit++) {
    const other = Buffer.from(content);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    t.throws(() => read(withContent(other)), { instanceOf: BadSections }, `bit ${bit}`);
  }
});

test("wherever the process ends, the file is what it was before, or is written as a whole", (t) => {
  const operations: string[] = [];
  const counting = written([Uint8Array.of(9)]);
  counting.before = (operation) => operations.push(operation);
  writeSections(counting, FILE, NAME, SECTIONS);
  t.true(operations.length > 4);
  for (let last = 0; last < operations.length; last++) {
    const files = written([Uint8Array.of(9)]);
    let done = 0;
    files.before = () => {
      if (done++ >= last) throw new Killed();
    };
    t.throws(() => writeSections(files, FILE, NAME, SECTIONS), { name: "Killed" });
    const isNew = operations.slice(0, last).includes("rename");
    t.deepEqual(read(files), isNew ? SECTIONS.map((section) => [...section]) : [[9]]);
  }
});
