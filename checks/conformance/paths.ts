import type { KernelKind } from "../../impl/driver.js";
import { events } from "../../model/alphabet.js";
import type { ChartEvent, SpecEvent } from "../../model/events.js";
import { machineOf } from "../../model/machine.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { shortestPaths, simplePaths } from "../engine/index.js";
import { replay } from "./replay.js";
import type { PathsReport } from "./report.js";
import { scopeReport } from "./scopereport.js";
import { Specification } from "./specification.js";
import type { Subject } from "./subject.js";

/**
 * Replays paths of the chart found by `@xstate/graph`, an engine that is not ours, against the driver: a shortest path to
 * every state of the chart, those in the middle of a call included. Each event is compared.
 */
export function replayShortestPaths(subject: Subject, kernel: KernelKind, scope: Scope): Promise<PathsReport> {
  const paths = shortestPaths(machineOf(scope), { events: events(scope) });
  return replayAll(subject, kernel, scope, paths.map(eventsOf));
}

/** The scope whose simple paths (no state twice) are few enough to replay them all: one page, one domain, nothing fails. */
const SIMPLE_SCOPE: Scope = defineScope({ pages: 1, domids: [7], faults: new Set() });

/** As `replayShortestPaths`, of every path that visits no state twice. */
export function replaySimplePaths(subject: Subject, kernel: KernelKind): Promise<PathsReport> {
  const paths = simplePaths(machineOf(SIMPLE_SCOPE), { events: events(SIMPLE_SCOPE) });
  return replayAll(subject, kernel, SIMPLE_SCOPE, paths.map(eventsOf));
}

/** The events of a path. What the chart raises inside itself is never one of them. */
function eventsOf({ steps }: { readonly steps: readonly { readonly event: ChartEvent }[] }): readonly SpecEvent[] {
  return steps.flatMap(({ event }) => ("call" in event || "rc" in event || "status" in event ? [event] : []));
}

async function replayAll(
  subject: Subject,
  kernel: KernelKind,
  scope: Scope,
  paths: readonly (readonly SpecEvent[])[],
): Promise<PathsReport> {
  const driver = await subject.open({ kernel, pages: scope.pages, maxGrefs: scope.maxGrefs });
  const specification = new Specification(sizeOf(scope));
  const start = driver.snapshot();
  const mismatches: { path: readonly string[]; detail: string }[] = [];
  let steps = 0;
  for (const path of paths) {
    driver.restore(start);
    const { compared, mismatch } = replay(driver, specification, path);
    steps += compared;
    if (mismatch !== null) mismatches.push({ path: path.map(({ type }) => type), detail: mismatch });
  }
  return {
    scope: scopeReport(scope),
    paths: paths.length,
    replayed: paths.length - mismatches.length,
    steps,
    mismatches,
  };
}
