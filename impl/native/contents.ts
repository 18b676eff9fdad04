/** Words of memory that are live together: a `struct seg`, or a block. Indices of words: first and end. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** What a range held at some moment. What holds the same mostly is the same object. */
export interface Content {
  readonly words: readonly number[];
  /** As a key has it (key.ts), once somebody has asked. */
  text: BlockText | null;
}

/** A block as text, cut where a grant's handle belongs: one piece more than there are handles. */
export interface BlockText {
  /** Is it a map, of which some words are dead? */
  readonly isMap: boolean;
  readonly pieces: readonly string[];
  readonly handles: readonly number[];
}

const UNKNOWN: Content = { words: [], text: null };

const NOTHING: readonly Content[] = [];

/** Copies live memory range by range, and no range that holds what it is known to have held before. */
export class LiveContents {
  #ranges: readonly Range[] = [];
  #contents: readonly Content[] = NOTHING;

  /** Other ranges are live now. What is known of those that stay is kept. */
  setRanges(ranges: readonly Range[]): void {
    const contents = ranges.map((range) => {
      const old = this.#ranges.findIndex(({ first, end }) => first === range.first && end === range.end);
      return this.#contents[old] ?? UNKNOWN;
    });
    this.#ranges = ranges;
    this.#contents = contents;
  }

  /** What each range holds, in their order. */
  read(words: Int32Array): readonly Content[] {
    let changed: Content[] | null = null;
    for (let i = 0; i < this.#ranges.length; i++) {
      const range = this.#ranges[i];
      const known = this.#contents[i];
      if (range === undefined || (known !== undefined && holds(words, range, known.words))) continue;
      changed ??= this.#contents.slice();
      changed[i] = { words: copy(words, range), text: null };
    }
    if (changed !== null) this.#contents = changed;
    return this.#contents;
  }

  /** Puts back what the ranges held. */
  write(words: Int32Array, contents: readonly Content[]): void {
    for (let i = 0; i < this.#ranges.length; i++) {
      const first = this.#ranges[i]?.first ?? 0;
      const content = contents[i]?.words ?? [];
      for (let at = 0; at < content.length; at++) words[first + at] = content[at] ?? 0;
    }
    this.#contents = contents;
  }
}

function holds(words: Int32Array, { first, end }: Range, content: readonly number[]): boolean {
  if (content.length !== end - first) return false;
  for (let at = 0; at < content.length; at++) if (words[first + at] !== content[at]) return false;
  return true;
}

function copy(words: Int32Array, { first, end }: Range): readonly number[] {
  const content: number[] = [];
  for (let i = first; i < end; i++) content.push(words[i] ?? 0);
  return content;
}
