import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { loadToolchain, type Toolchain, type ToolResult } from "./toolchain.js";

/** What the thread is told to run, and where it is to say what came of it. */
export interface Order {
  readonly run: Parameters<Toolchain["run"]>;
  readonly reply: MessagePort;
}

export type Said = { readonly result: ToolResult } | { readonly error: unknown };

/**
 * The compiler in a thread of its own, begun when it is first asked to run: it runs for seconds without looking up, and in this
 * thread nothing else would be heard meanwhile, no signal either. Once `signal` is aborted the thread is ended, and runs reject
 * with the signal's reason. A thread that has nothing to do keeps no process alive.
 */
export function toolchainAside(signal: AbortSignal): () => Promise<Toolchain> {
  let thread: Worker | null = null;
  const run: Toolchain["run"] = async (...order) => {
    signal.throwIfAborted();
    thread ??= begun(signal);
    return await ranIn(thread, order, signal);
  };
  return async () => ({ version: (await loadToolchain()).version, run });
}

function begun(signal: AbortSignal): Worker {
  const thread = new Worker(new URL("./aside.worker.js", import.meta.url));
  thread.unref();
  signal.addEventListener("abort", () => thread.terminate(), { once: true });
  return thread;
}

/** The end of a thread closes its ports. */
function ranIn(thread: Worker, run: Order["run"], signal: AbortSignal): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const { port1: heard, port2: reply } = new MessageChannel();
    heard.on("message", (said: Said) => ("result" in said ? resolve(said.result) : reject(said.error)));
    heard.on("close", () => reject(signal.aborted ? signal.reason : new Error("the compiler's thread has ended")));
    thread.postMessage({ run, reply } satisfies Order, [reply]);
  });
}
