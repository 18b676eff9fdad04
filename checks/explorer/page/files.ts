import { looksLikeModule, openModule } from "../../../impl/native/module.js";
import { parseTrace } from "../../../traces/read.js";
import { traceNameOf } from "../../../traces/trace/name.js";
import { type Explorer, Refused } from "../session/explorer.js";
import { dataOf } from "./data.js";

/** Larger files are not opened, as with the command. */
const MOST_MIB = 16;

/** What was opened, for people. Throws what says in one line what is wrong with a file. */
export async function openFile(explorer: Explorer, file: File): Promise<string> {
  if (file.size > MOST_MIB * 2 ** 20) {
    throw new Refused(`${file.name}: expected a file of at most ${MOST_MIB} MiB, got ${file.size} bytes`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (file.name.endsWith(".c")) return openDriver(explorer, await compiled(file.name, bytes), file.name);
  if (looksLikeModule(bytes) || file.name.endsWith(".wasm")) return openDriver(explorer, bytes, file.name);
  const scenario = parseTrace(bytes, file.name);
  explorer.load(scenario, traceNameOf(file.name));
  const broken = explorer.history.find((item) => item.broken.length > 0);
  const verdict =
    broken === undefined ? "it breaks nothing" : `step ${broken.depth} breaks ${broken.broken.join(", ")}`;
  return `${file.name}: ${scenario.steps.length} steps; with this driver ${verdict}. Play it, or step.`;
}

/** Walks with a compiled driver. */
export async function openDriver(explorer: Explorer, bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const native = await openModule(bytes, name);
  explorer.addNative(native);
  return `The driver is ${native.path} now, running in this page.`;
}

/** A C file is compiled by the server that serves the page. */
async function compiled(name: string, text: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (dataOf("start") === null) {
    throw new Refused(
      `${name}: this page can't compile C; open it with segmf explore, or give it what segmf compile makes`,
    );
  }
  const response = await fetch(`/compile?name=${encodeURIComponent(name)}`, { method: "POST", body: text });
  if (!response.ok) throw new Refused((await response.text()).trim());
  return new Uint8Array(await response.arrayBuffer());
}
