import test from "ava";
import { NativeError } from "./errors.js";
import { looksLikeModule, MODULE_FORMAT, openModule, sealModule } from "./module.js";

/** The smallest module there is. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

for (const path of ["seg_mf.c", "a/ö.c", `${"long/".repeat(5000)}x.c`]) {
  test(`a sealed module says what driver it is: ${path.slice(0, 12)}`, async (t) => {
    const sealed = sealModule(EMPTY, { path, maxGrefs: 3 });
    t.true(looksLikeModule(sealed));
    t.true(new TextDecoder().decode(sealed.slice(0, 256)).includes(`written by segmf as ${MODULE_FORMAT}`));
    const { module, ...said } = await openModule(sealed, "file.wasm");
    t.deepEqual(said, { path, maxGrefs: 3 });
    t.true(module instanceof WebAssembly.Module);
  });
}

/** A module with a custom section of that name and content. */
function withSection(name: string, content: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(`${String.fromCharCode(name.length)}${name}${content}`);
  return Uint8Array.of(...EMPTY, 0, bytes.length, ...bytes);
}

for (const [what, bytes, detail] of [
  ["text", new TextEncoder().encode("int x;"), "not a WebAssembly module"],
  ["nothing", new Uint8Array(), "not a WebAssembly module"],
  ["half a module", sealModule(EMPTY, { path: "x.c", maxGrefs: 16 }).slice(0, 30), "a damaged WebAssembly module"],
  ["another's module", EMPTY, "a WebAssembly module that segmf did not make"],
  ["no JSON", withSection(MODULE_FORMAT, "{"), "a WebAssembly module that segmf did not make"],
  ["no limit", withSection(MODULE_FORMAT, '{"path":"x.c"}'), "a WebAssembly module that segmf did not make"],
  [
    "a wrong limit",
    withSection(MODULE_FORMAT, '{"path":"x","maxGrefs":17}'),
    "a WebAssembly module that segmf did not make",
  ],
] as const) {
  test(`refused: ${what}`, async (t) => {
    await t.throwsAsync(openModule(new Uint8Array(bytes), "x.wasm"), {
      instanceOf: NativeError,
      message: `x.wasm: ${detail}; expected what segmf compile writes`,
    });
  });
}
