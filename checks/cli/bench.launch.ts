import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Bench, Outcome } from "../bench/bench.js";
import { EXIT, Misuse } from "./exit.js";

const CHILD = fileURLToPath(new URL("bench.child.js", import.meta.url));
const MAIN = fileURLToPath(new URL("main.js", import.meta.url));

/**
 * How measurements are made in processes of their own, which end when the signal says so. Both reject if a process can't
 * do what it was asked, with its own message; with a `Misuse` if the C file is why.
 */
export function launcher(signal: AbortSignal): Pick<Bench, "launch" | "check"> {
  return {
    async launch(job) {
      const { wallMs, code, stdout, stderr } = await run([CHILD, JSON.stringify(job)], signal);
      if (code === EXIT.misuse) throw new Misuse(stderr.trim());
      if (code !== EXIT.holds) throw new Error(stderr.trim() || `a measurement ended with exit code ${code}`);
      const inside = JSON.parse(stdout) as Omit<Outcome, "wallMs">; // bench.child.ts wrote it
      return { ...inside, wallMs };
    },
    async check() {
      const { wallMs, code } = await run([MAIN, "check"], signal);
      return { wallMs, complete: code === EXIT.holds };
    },
  };
}

interface Ended {
  readonly wallMs: number;
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { signal, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        printed[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ wallMs: performance.now() - started, code, ...printed }));
  });
}
