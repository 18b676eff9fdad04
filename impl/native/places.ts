import type { Driver, Machine } from "../driver.js";
import { nativeDriver } from "./driver.js";
import { type LoadOptions, loadWithLines } from "./load.js";
import { DRIVER_FILE } from "./sources.js";
import type { Toolchain } from "./toolchain.js";

/** Where something happens in the driver's file. */
export interface Place {
  readonly function: string;
  /** From 1. */
  readonly line: number;
}

/** Where in the module the functions are that are being called, the innermost first: offsets of bytes in its code. */
export type Offsets = readonly number[];

/** A driver's file compiled with debug information. The code is that of any other driver of that file. */
export interface PlacedModule {
  /** A new driver, and what tells where it last called the kernel since that was asked before: nowhere if it did not. */
  open(machine: Machine): { readonly driver: Driver; readonly lastCall: () => Offsets };
  /** For each the innermost place in the driver's file, `null` if there is none. */
  places(calls: readonly Offsets[]): Promise<readonly (Place | null)[]>;
}

/** Compiles it. Throws `NativeError` as `loadNative` does. */
export async function loadPlaced(path: string, maxGrefs: number, options: LoadOptions = {}): Promise<PlacedModule> {
  const { module, bytes, toolchain } = await loadWithLines(path, maxGrefs, options);
  const start = codeStart(bytes);
  return {
    open(machine) {
      let last: Offsets = [];
      const calling = (): void => {
        last = wasmOffsets();
      };
      const driver = nativeDriver({ path, maxGrefs, module, calling }, machine);
      const lastCall = (): Offsets => {
        const offsets = last.map((offset) => offset - start);
        last = [];
        return offsets;
      };
      return { driver, lastCall };
    },
    places: (calls) => symbolized(toolchain, bytes, calls),
  };
}

/** More frames than any driver has that does not recurse without end. */
const MOST_FRAMES = 64;

/** The same in the module. */
function wasmOffsets(): Offsets {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = MOST_FRAMES;
  const { stack = "" } = new Error("where am I");
  Error.stackTraceLimit = usual;
  return [...stack.matchAll(/wasm-function\[\d+\]:0x([0-9a-f]+)/g)].map(([, offset = "0"]) =>
    Number.parseInt(offset, 16),
  );
}

const CODE_SECTION = 10;
const HEADER = 8;

/** Where the code begins: debug information counts from there. */
function codeStart(bytes: Uint8Array): number {
  for (let at = HEADER; at < bytes.length; ) {
    const id = bytes[at];
    const { value, next } = leb128(bytes, at + 1);
    if (id === CODE_SECTION) return next;
    at = next + value;
  }
  throw new Error("the compiler made a module without code");
}

function leb128(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

const MODULE = "driver.wasm";

/** What the symbolizer says of an address: the functions that are inlined there, the innermost first. */
interface Symbolized {
  readonly Symbol?: readonly { readonly FileName: string; readonly FunctionName: string; readonly Line: number }[];
}

/** Asks for each address once, however many calls it is part of. */
async function symbolized(
  toolchain: Toolchain,
  bytes: Uint8Array,
  calls: readonly Offsets[],
): Promise<readonly (Place | null)[]> {
  const offsets = [...new Set(calls.flat())];
  if (offsets.length === 0) return calls.map(() => null);
  const addresses = offsets.map((offset) => `0x${offset.toString(16)}`);
  const args = [`--obj=${MODULE}`, "--output-style=JSON", ...addresses];
  const { ok, messages } = await toolchain.run("symbolizer", args, { [MODULE]: bytes });
  if (!ok) return calls.map(() => null);
  const all = JSON.parse(messages) as readonly Symbolized[];
  const places = new Map(offsets.map((offset, i) => [offset, placeIn(all[i] ?? {})]));
  return calls.map((call) => call.map((offset) => places.get(offset) ?? null).find((place) => place !== null) ?? null);
}

function placeIn({ Symbol: symbols = [] }: Symbolized): Place | null {
  const own = symbols.find(({ FileName: file, Line: line }) => line > 0 && file.endsWith(`/${DRIVER_FILE}`));
  return own === undefined ? null : { function: own.FunctionName, line: own.Line };
}
