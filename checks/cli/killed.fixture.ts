import { existsSync } from "node:fs";
import { inspect } from "node:util";
import { defineScope } from "../../model/scope.js";
import type { Job } from "../conformance/job.js";
import { edition } from "../conformance/subject.js";
import { FileLedger, readCheckpoint } from "./checkpoint.js";
import { crewOf } from "./crew.js";

// A process to be killed: explores a chart and a product, writes checkpoints as often as it may and says so, goes on from
// the one that is there, and in the end prints what came of it.

const [, , path = "", threads = "1"] = process.argv;
const identity = { what: "a test" };
const kept = existsSync(path) ? readCheckpoint(path, identity) : null;
const ledger = new FileLedger({ path, identity, everySeconds: 1e-6, kept });
const scope = defineScope({ pages: 1, domids: [7], forks: 1, faults: new Set() });
const jobs: readonly Job[] = [
  { kind: "chart", scope },
  { kind: "product", scope },
];
const settings = { subject: edition("corrected", new Set()), kernel: "debug", limits: {}, selfCheck: 0.01 } as const;
const done = await crewOf(Number(threads))(jobs, settings, ledger, () => {
  process.stdout.write("on the way\n");
});
ledger.close();
process.stdout.write(`RESULT ${inspect(structuredClone(done), { depth: null, maxArrayLength: null })}\n`);
