import { existsSync } from "node:fs";
import { inspect } from "node:util";
import { defineScope } from "../../model/scope.js";
import type { Job, JobPosition } from "../conformance/job.js";
import { edition } from "../conformance/subject.js";
import { FileLedger, readCheckpoint } from "./checkpoint.js";
import { crewOf } from "./crew.js";

// A process that is killed: explores a chart and a product, goes on from the checkpoint that is there, writes one whenever it
// may, and kills itself after so many, or else prints what came of it.

const [, , path = "", threads = "1", most = "none"] = process.argv;

class Doomed extends FileLedger {
  #written = 0;

  override isDue(): boolean {
    return true;
  }

  override keep(job: number, position: JobPosition): void {
    super.keep(job, position);
    this.#written += 1;
    if (String(this.#written) === most) process.kill(process.pid, "SIGKILL");
  }
}

const identity = { what: "a test" };
const kept = existsSync(path) ? readCheckpoint(path, identity) : null;
const LISTENER = { activities: () => undefined, violated: () => undefined };
const ledger = new Doomed({ path, identity, everySeconds: 1e-6, kept });
const scope = defineScope({ pages: 1, domids: [7], faults: new Set() });
const jobs: readonly Job[] = [
  { kind: "chart", scope },
  { kind: "product", scope },
];
const settings = { subject: edition("corrected", new Set()), kernel: "debug", limits: {}, selfCheck: 0.01 } as const;
const done = await crewOf(Number(threads))(jobs, settings, ledger, LISTENER);
ledger.close();
process.stdout.write(`${inspect(structuredClone(done), { depth: null, maxArrayLength: null })}\n`);
