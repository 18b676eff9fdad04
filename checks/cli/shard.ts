import { availableParallelism } from "node:os";
import { escapeUnprintable } from "../../traces/json/value.js";
import { type RandomPart, reportOfParts } from "../conformance/random.js";
import type { CheckReport } from "../conformance/report.js";
import { crewOfShard, type Part, type Shard } from "../conformance/shards.js";
import type { Subject } from "../conformance/subject.js";
import { compareFindings, verdictOf } from "../report/expected.js";
import { counted } from "../report/style.js";
import type { Checker } from "./checker.js";
import type { CheckOptions } from "./checkoptions.js";
import { CODES, type Expected } from "./conclude.js";
import { crewOf } from "./crew.js";
import { EXIT, type ExitCode } from "./exit.js";
import { compiled, explored, scopeOfCheck } from "./exploring.js";
import { type Identity, identityOf } from "./identity.js";
import type { Io } from "./io.js";
import { randomOptions } from "./random.js";
import { checkShardPath, type ShardResult, shardPath, writeShard } from "./shardfile.js";

/** A shard that is to be done. */
export interface ToDo {
  readonly subject: Subject;
  readonly options: CheckOptions;
  /** What a configuration calls the check. */
  readonly name: string | null;
  /** All checks that are to be done, this one too. */
  readonly names: readonly (string | null)[];
  readonly shard: Shard;
  /** The directory that what comes of it is written into. */
  readonly into: string;
  readonly expected: Expected;
}

/** Does one shard of a check. The exit code is of what it found by itself; the verdict of all is for `segmf merge`. */
export async function checkShard(todo: ToDo, io: Io, checker: Checker): Promise<ExitCode> {
  const { subject, options, shard, expected } = todo;
  const path = pathOf(todo);
  const scope = scopeOfCheck(options);
  const started = performance.now();
  if (!(await compiled(options, scope, io))) return EXIT.interrupted;
  let part: Part = new Map();
  const stop = new AbortController();
  io.signal.addEventListener("abort", () => stop.abort(), { once: true });
  if (io.signal.aborted) stop.abort();
  const tell = (done: Part): void => {
    part = done;
  };
  const crew = crewOfShard(crewOf(options.workers ?? availableParallelism()), shard, tell, () => stop.abort());
  const found = await explored({ subject, options, scope, crew }, { ...io, signal: stop.signal }, checker);
  const seconds = (performance.now() - started) / 1000;
  const report: CheckReport = { ...found, seconds };
  const isWhole = [...part.values()].every(({ stopped }) => stopped === null);
  write(todo, path, identityOfCheck(todo), seconds, { kind: "check", part });
  const comparison =
    expected === null || expected === "updated" ? null : compareFindings(options.expect ?? "", expected, report);
  const verdict = verdictOf(report, comparison);
  say(todo, path, `${counted(part.size, "part")} of the check, ${counted(report.findings.length, "finding")}`, io);
  // The other shards' parts are missing, which makes no shard incomplete.
  return verdict === "violated" ? EXIT.violated : isWhole ? EXIT.holds : EXIT.incomplete;
}

/** Does one shard of random runs. */
export async function randomShard(todo: ToDo, runs: number, io: Io, checker: Checker): Promise<ExitCode> {
  const { subject, options, shard } = todo;
  const path = pathOf(todo);
  const started = performance.now();
  // `checkTogether` has seen to it that there is a seed.
  const asked = { ...randomOptions({ ...options, random: runs }, options.seed ?? 0, io), shard };
  io.progress(`${runs} random runs, seed ${asked.seed}, shard ${shard.number} of ${shard.of}`);
  const part: RandomPart = await checker.randomPart(subject, asked);
  io.progress(null);
  const seconds = (performance.now() - started) / 1000;
  write(todo, path, identityOfCheck(todo), seconds, { kind: "random", runs, part });
  const made = part.calls.length + (part.failed === null ? 0 : 1);
  const failed = part.failed === null ? "none of which fails" : "the last of which fails";
  say(todo, path, `${counted(made, "run")} of ${runs}, ${failed}`, io);
  const { failure } = reportOfParts(asked, [part]);
  return failure !== null ? CODES.violated : part.complete ? CODES.holds : CODES.incomplete;
}

function pathOf({ into, name, shard, options }: ToDo): string {
  const path = shardPath(into, name, shard);
  checkShardPath(into, path, options.force === true);
  return path;
}

/** What a shard is of: shards of one check have the same. */
export function identityOfCheck({ subject, options }: Pick<ToDo, "subject" | "options">): Identity {
  const { plan } = subject;
  if (plan === undefined) throw new Error("a driver that stays in one thread has no shards");
  const { kernel, selfCheck, random, seed, pages, limitStates, limitSeconds, maxMemory } = options;
  const all = identityOf({ plan, kernel, scope: scopeOfCheck(options), selfCheck });
  return {
    ...all,
    "random runs": random === undefined ? "none" : `${random} from seed ${seed} with pages ${pages ?? "by default"}`,
    limits: `${limitStates ?? "no"} states, ${limitSeconds ?? "no"} seconds, ${maxMemory ?? "no"} bytes`,
  };
}

function write(
  { shard, name, names, options }: ToDo,
  path: string,
  identity: Identity,
  seconds: number,
  result: ShardResult,
): void {
  writeShard(path, { identity, of: { shard, name, names, options, seconds }, result });
}

function say({ shard, into, name }: ToDo, path: string, did: string, io: Io): void {
  const check = name === null ? "" : `${escapeUnprintable(name)}: `;
  const { number, of } = shard;
  io.out(
    [
      `${check}shard ${number} of ${of}: ${did}; written to ${escapeUnprintable(path)}`,
      `segmf merge ${escapeUnprintable(into)} makes the report of all ${of}`,
      "",
    ].join("\n"),
  );
}
