import { type Job, runJob } from "../bench/job.js";

// The process in which `npm run bench` measures: a job as its argument, what came of it on standard output. It imports as
// little as it can, since whole processes are compared.

try {
  const job = JSON.parse(process.argv[2] ?? "") as Job; // bench.launch.ts wrote it
  const runs = await runJob(job, () => performance.now());
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  process.stdout.write(JSON.stringify({ runs, cpuMs, peakMiB: maxRSS / 1024 }));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  // A C file that does not compile is its author's mistake.
  process.exitCode = error instanceof Error && error.name === "NativeError" ? 2 : 1;
}
