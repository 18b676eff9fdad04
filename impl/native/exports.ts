/** A word as WebAssembly passes it: 64-bit ones are bigint. */
export type WasmWord = number | bigint;
export type WasmFunction = (...words: WasmWord[]) => WasmWord | undefined;

/** What a compiled driver lets the host call (wrapper.c, kernel.c, checks.c). Pointers are addresses in its memory. */
export interface DriverExports {
  readonly memory: WebAssembly.Memory;
  /** The functions that the seg_ops vector points to. */
  readonly table: WebAssembly.Table;
  readonly stackPointer: WebAssembly.Global;
  /** Where static data ends. */
  readonly dataEnd: number;

  readonly boot: WasmFunction;
  readonly systemLayout: WasmFunction;
  readonly driverLayout: WasmFunction;
  readonly makeSegment: WasmFunction;
  readonly checkLoad: WasmFunction;
  readonly checkStore: WasmFunction;

  readonly create: WasmFunction;
  readonly addMfns: WasmFunction;
  readonly addGrefPte: WasmFunction;
  readonly addGrefs: WasmFunction;
  readonly releaseGrefs: WasmFunction;
}

/** The exports of an instance of a module that `compileDriver` made. */
export function exportsOf(instance: WebAssembly.Instance): DriverExports {
  const { exports } = instance;
  const call = (name: string): WasmFunction => expectFunction(exports[name], name);
  return {
    memory: expect(exports.memory, WebAssembly.Memory, "memory"),
    table: expect(exports.__indirect_function_table, WebAssembly.Table, "the function table"),
    stackPointer: expect(exports.__stack_pointer, WebAssembly.Global, "__stack_pointer"),
    dataEnd: Number(expect(exports.__data_end, WebAssembly.Global, "__data_end").value),
    boot: call("boot"),
    systemLayout: call("system_layout"),
    driverLayout: call("driver_layout"),
    makeSegment: call("make_segment"),
    checkLoad: call("check_load"),
    checkStore: call("check_store"),
    create: call("create"),
    addMfns: call("add_mfns"),
    addGrefPte: call("add_gref_pte"),
    addGrefs: call("add_grefs"),
    releaseGrefs: call("release_grefs"),
  };
}

/** Any function that a module exports or keeps in a table takes and gives words. */
export function isWasmFunction(value: unknown): value is WasmFunction {
  return typeof value === "function";
}

function expectFunction(value: unknown, what: string): WasmFunction {
  if (!isWasmFunction(value)) throw new Error(`the module has no function ${what}`);
  return value;
}

function expect<T>(value: unknown, type: new (...args: never[]) => T, what: string): T {
  if (!(value instanceof type)) throw new Error(`the module does not export ${what}`);
  return value;
}
