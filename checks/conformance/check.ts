import type { KernelKind } from "../../impl/driver.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import { defineScope, type Scope } from "../../model/scope.js";
import type { Limits } from "../engine/index.js";
import { ChartCoverage } from "./coverage.js";
import { minimalFindings } from "./explain.js";
import type { Finding } from "./findings.js";
import type { Activity, Crew, Job, JobResult, Ledger, ProductDone } from "./job.js";
import type { CheckReport, InvariantReport, ProductReport } from "./report.js";
import { type CheckScopes, scopesOf } from "./scopes.js";
import type { Subject } from "./subject.js";
import { judgementOf } from "./verdict.js";
import type { Violation } from "./violation.js";
import { inTurn } from "./work.js";

export interface CheckOptions {
  readonly kernel: KernelKind;
  /** What to explore; without it the default scopes. */
  readonly scope?: Scope;
  /** For each exploration: states and seconds; the signal stops everything. */
  readonly limits: Limits;
  /** The share of edges made again, 0 to 1; by default all of them in small scopes, and fewer the larger they are. */
  readonly selfCheck?: number;
  /** Called now and then with what is being done. */
  readonly progress?: (activities: readonly Activity[]) => void;
  /** Called with the first violation of each exploration, as it is met. */
  readonly violated?: (violation: Violation) => void;
  /** Who does the jobs; without it this thread does, one after the other. */
  readonly crew?: Crew;
  /** Keeps what was done, and has what was done before. */
  readonly ledger?: Ledger;
}

/** A check's report without the time that it took, which is the caller's to measure. */
export type TimelessReport = Omit<CheckReport, "seconds">;

/** Paths are replayed at this size at most: `@xstate/graph` is slow, and the product covers what is larger. */
const MOST_PAGES_FOR_PATHS = 2;

/**
 * Checks a driver against the specification: explores the statechart, replays its paths, explores the product of both
 * edge by edge, runs the directed scenarios, explains what it found and says what it covered. Plain data.
 */
export function check(subject: Subject, options: CheckOptions): Promise<TimelessReport> {
  return new Check(subject, options).run();
}

class Check {
  readonly #subject: Subject;
  readonly #options: CheckOptions;
  #scopes: CheckScopes;

  constructor(subject: Subject, options: CheckOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#scopes = scopesOf(options.scope);
  }

  async run(): Promise<TimelessReport> {
    const { kernel, limits, selfCheck, crew = inTurn, ledger = null, progress, violated } = this.#options;
    await this.#adaptScopes();
    const settings = { subject: this.#subject, kernel, limits, ...(selfCheck === undefined ? {} : { selfCheck }) };
    const done = await crew(this.#jobs(), settings, ledger, {
      activities: (all) => progress?.(all),
      violated: (violation) => violated?.(violation),
    });
    return await this.#report(done.flatMap(({ result }) => result ?? []));
  }

  /** The default scopes are for drivers that can be explored by segments. For others it would take hours. */
  async #adaptScopes(): Promise<void> {
    if (this.#options.scope !== undefined) return;
    const scope = defineScope();
    const driver = await this.#subject.open({
      kernel: this.#options.kernel,
      pages: scope.pages,
      maxGrefs: scope.maxGrefs,
    });
    if (driver.parts() === null) this.#scopes = scopesOf(scope);
  }

  /** In the order of the report. */
  #jobs(): readonly Job[] {
    const { charts, products } = this.#scopes;
    const pages = Math.min(charts[0].pages, MOST_PAGES_FOR_PATHS);
    const small = defineScope({ ...charts[0], pages, refs: pages, forks: 0 });
    return [
      ...charts.map((scope): Job => ({ kind: "chart", scope })),
      { kind: "shortest paths", scope: small },
      { kind: "simple paths" },
      ...products.map((scope): Job => ({ kind: "product", scope })),
      { kind: "directed" },
      { kind: "breakers" },
    ];
  }

  async #report(results: readonly JobResult[]): Promise<TimelessReport> {
    const { kernel } = this.#options;
    const charts = results.flatMap((result) => (result.kind === "chart" ? result : []));
    const products = results.flatMap((result) => (result.kind === "product" ? result : []));
    const directed = results.flatMap((result) => (result.kind === "directed" ? result.results : []));
    const breakers = new Map(results.flatMap((result) => (result.kind === "breakers" ? [...result.breakers] : [])));
    const [specification, ...specificationsBeside] = charts.map(({ report }) => report);
    if (specification === undefined) throw new Error("no chart was explored");
    const coverage = new ChartCoverage();
    for (const chart of charts) coverage.add(chart.coverage);
    const parts = {
      specification,
      specificationsBeside,
      paths: results.flatMap((result) => (result.kind === "paths" ? result.report : [])),
      products: products.map(({ report }) => report),
      directed: directed.map(({ title, violation }) => ({ title, holds: violation === null })),
      invariants: invariantReports(products, breakers),
      coverage: coverage.report(breakers),
      findings: await this.#findings(results),
      nondeterminism: products.flatMap(({ nondeterminism }) => nondeterminism),
      interrupted: this.#options.limits.signal?.aborted === true,
    };
    return { format: "segmf-check/1", driver: this.#subject.name, kernel, ...parts, ...judgementOf(parts) };
  }

  /** Those of the first product come first, then those of directed scenarios. */
  #findings(results: readonly JobResult[]): Promise<readonly Finding[]> {
    this.#options.progress?.([{ what: "making counterexamples minimal", progress: null }]);
    const [first = [], ...others] = results.flatMap((result) => (result.kind === "product" ? [result.groups] : []));
    const directed = results.flatMap((result) => (result.kind === "directed" ? result.groups : []));
    return minimalFindings(this.#subject, this.#options.kernel, [...first, ...directed, ...others.flat()]);
  }
}

/** States that break `freeable`, which is judged where the graph is whole (decision D19). */
function unfreeable({ unfreeable, violatingEdges }: ProductReport): number {
  return violatingEdges > 0 ? 0 : (unfreeable ?? 0);
}

function invariantReports(
  products: readonly ProductDone[],
  breakers: ReadonlyMap<InvariantId, string>,
): readonly InvariantReport[] {
  return INVARIANTS.map(({ id, scope }) => {
    const sum = (count: (of: ProductDone) => number) => products.reduce((total, of) => total + count(of), 0);
    const wholeSpace = scope === "space";
    return {
      id,
      judged: sum(({ tally, report }) => (wholeSpace ? report.states : (tally.judged.get(id) ?? 0))),
      broken: sum(({ tally, report }) => (wholeSpace ? unfreeable(report) : (tally.broken.get(id) ?? 0))),
      breakableBy: breakers.get(id) ?? null,
    };
  });
}
