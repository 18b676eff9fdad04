import { parentPort } from "node:worker_threads";
import type { Order, Said } from "./aside.js";
import { loadToolchain } from "./toolchain.js";

// A thread that runs the compiler.

const { run: made } = await loadToolchain();

parentPort?.on("message", async ({ run, reply }: Order) => {
  const said = await made(...run).then(
    (result): Said => ({ result }),
    (error: unknown): Said => ({ error }),
  );
  reply.postMessage(said);
  reply.close();
});
