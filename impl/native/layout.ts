/** A member of a structure: bytes from its start, and how many. */
export interface Field {
  readonly offset: number;
  readonly bytes: number;
}

/** Where the driver's private names lie (wrapper.c, `native_names`). */
export interface DriverLayout {
  readonly dataBytes: number;
  readonly domid: Field;
  readonly softlockcnt: Field;
  readonly map: Field;
  readonly cellBytes: number;
  readonly type: Field;
  readonly mfn: Field;
  readonly ptep: Field;
  readonly gref: Field;
  readonly flags: Field;
  readonly handle: Field;
  readonly types: { readonly empty: number; readonly mfn: number; readonly gref: number };
  readonly writableFlag: number;
  readonly mappedFlag: number;
}

/** Where the kernel's structures lie (kernel.c, `system_layout`). Offsets are from a segment's `struct system_segment`. */
export interface SystemLayout {
  readonly segBytes: number;
  readonly ops: number;
  readonly data: number;
  readonly live: number;
  readonly touched: number;
  readonly as: number;
  readonly contentsLock: number;
  readonly cv: number;
  readonly hat: number;
  /** Addresses. */
  readonly freememLock: number;
  readonly foreignOps: number;
  readonly deviceVnode: number;
  readonly commonVnode: number;
}

/** Reads one table of words after the other, in the order of the C file. */
class Words {
  readonly #words: Int32Array;
  #next: number;

  constructor(words: Int32Array, address: number) {
    this.#words = words;
    this.#next = address >> 2;
  }

  word(): number {
    return (this.#words[this.#next++] ?? 0) >>> 0;
  }

  field(): Field {
    return { offset: this.word(), bytes: this.word() };
  }
}

export function readDriverLayout(memory: Int32Array, address: number): DriverLayout {
  const at = new Words(memory, address);
  return {
    dataBytes: at.word(),
    domid: at.field(),
    softlockcnt: at.field(),
    map: at.field(),
    cellBytes: at.word(),
    type: at.field(),
    mfn: at.field(),
    ptep: at.field(),
    gref: at.field(),
    flags: at.field(),
    handle: at.field(),
    types: { empty: at.word(), mfn: at.word(), gref: at.word() },
    writableFlag: at.word(),
    mappedFlag: at.word(),
  };
}

export function readSystemLayout(memory: Int32Array, address: number): SystemLayout {
  const at = new Words(memory, address);
  return {
    segBytes: at.word(),
    ops: at.word(),
    data: at.word(),
    live: at.word(),
    touched: at.word(),
    as: at.word(),
    contentsLock: at.word(),
    cv: at.word(),
    hat: at.word(),
    freememLock: at.word(),
    foreignOps: at.word(),
    deviceVnode: at.word(),
    commonVnode: at.word(),
  };
}
