import { NativeError } from "./errors.js";

/** What one call of a driver may do before it is taken for one that never returns, or takes all memory. Plain data. */
export interface CallLimits {
  /** Pieces of straight code and checks on memory that it may run through. */
  readonly steps?: number;
  /** Bytes of kernel memory that it may allocate. */
  readonly bytes?: number;
}

/** A driver's file, compiled. Any number of drivers can be made of it, for either kernel and any number of pages. */
export interface NativeModule {
  /** As it was given: how reports name the driver. */
  readonly path: string;
  /** SEGMF_MAX_GREFS is compiled in. */
  readonly maxGrefs: number;
  readonly module: WebAssembly.Module;
  /** What one call may do before it is taken for endless, if not as much as usual. */
  readonly limits?: CallLimits;
  /** Called whenever the driver calls the kernel, before the kernel does anything. */
  readonly calling?: () => void;
}

/** What a module file says of itself, in a custom section of its own before all others. */
export const MODULE_FORMAT = "segmf-driver/1";

/** By this segmf knows its own files. */
const MARK = `written by segmf as ${MODULE_FORMAT}`;

/** Every WebAssembly module begins so: its mark, and the version of the binary format. */
const PREAMBLE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** A compiled module as a file that says what driver it is: `openModule` makes a driver's module of it anywhere. */
export function sealModule(
  bytes: Uint8Array,
  { path, maxGrefs }: Omit<NativeModule, "module" | "calling" | "limits">,
): Uint8Array<ArrayBuffer> {
  const name = utf8(MODULE_FORMAT);
  const said = utf8(JSON.stringify({ mark: MARK, maxGrefs, path }));
  const content = [...leb128(name.length), ...name, ...said];
  const section = Uint8Array.of(0, ...leb128(content.length), ...content);
  const sealed = new Uint8Array(bytes.length + section.length);
  sealed.set(PREAMBLE);
  sealed.set(section, PREAMBLE.length);
  sealed.set(bytes.subarray(PREAMBLE.length), PREAMBLE.length + section.length);
  return sealed;
}

/** Whether bytes begin as a WebAssembly module does. */
export function looksLikeModule(bytes: Uint8Array): boolean {
  return PREAMBLE.every((byte, at) => bytes[at] === byte);
}

/**
 * The driver of a module file that `sealModule` made. Needs nothing but WebAssembly, so it works in a browser, too.
 * Throws `NativeError` of kind `module` if `file` is none.
 */
export async function openModule(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<NativeModule> {
  const refused = (detail: string, cause?: unknown) =>
    new NativeError({ kind: "module", path: file, detail }, { cause });
  if (!looksLikeModule(bytes)) throw refused("not a WebAssembly module");
  const module = await WebAssembly.compile(bytes).catch((cause: unknown) => {
    throw refused("a damaged WebAssembly module", cause);
  });
  const [section] = WebAssembly.Module.customSections(module, MODULE_FORMAT);
  const said = section === undefined ? null : readSection(section);
  if (said === null) throw refused("a WebAssembly module that segmf did not make");
  return { ...said, module };
}

function readSection(section: ArrayBuffer): Omit<NativeModule, "module" | "calling"> | null {
  try {
    const said: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(section));
    if (typeof said !== "object" || said === null || !("path" in said) || !("maxGrefs" in said)) return null;
    const { path, maxGrefs } = said;
    const isWhole = typeof maxGrefs === "number" && Number.isInteger(maxGrefs) && maxGrefs >= 1 && maxGrefs <= 16;
    return typeof path === "string" && isWhole ? { path, maxGrefs } : null;
  } catch {
    return null;
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A whole number as the binary format writes lengths: seven bits a byte, the lowest first. */
function leb128(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
