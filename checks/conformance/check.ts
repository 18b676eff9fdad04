import type { KernelKind } from "../../impl/driver.js";
import { eventsByPart } from "../../model/alphabet.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import { machineOf } from "../../model/machine.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { explore, type Limits } from "../engine/index.js";
import { breakEveryInvariant } from "./breakable.js";
import { chartInvariants } from "./chartinvariants.js";
import { ChartCoverage } from "./coverage.js";
import { DIRECTED_PAGES, runDirected } from "./directed.js";
import { findingsOf, type Met } from "./explain.js";
import { exploreProduct } from "./explore.js";
import type { Explored, ProductProgress } from "./explored.js";
import { replayShortestPaths, replaySimplePaths } from "./paths.js";
import type { CheckReport, InvariantReport, PathsReport, ProductReport, SpecificationReport } from "./report.js";
import { FIELD_MAX_GREFS } from "./run.js";
import { scopeReport } from "./scopereport.js";
import { type CheckScopes, scopesOf } from "./scopes.js";
import { Specification } from "./specification.js";
import type { Subject } from "./subject.js";
import { judgementOf } from "./verdict.js";

export interface CheckOptions {
  readonly kernel: KernelKind;
  /** What to explore; without it the default scopes. */
  readonly scope?: Scope;
  /** For each exploration: states and seconds; the signal stops everything. */
  readonly limits: Limits;
  /** The share of edges made again, 0 to 1; by default all of them in small scopes, and fewer the larger they are. */
  readonly selfCheck?: number;
  /** Called now and then with what is being done. */
  readonly progress?: (activity: string) => void;
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
  readonly #coverage = new ChartCoverage();

  constructor(subject: Subject, options: CheckOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#scopes = scopesOf(options.scope);
  }

  async run(): Promise<TimelessReport> {
    const { kernel } = this.#options;
    await this.#adaptScopes();
    const [chart, ...otherCharts] = this.#scopes.charts;
    const specification = await this.#chart(chart);
    const specificationsBeside: SpecificationReport[] = [];
    for (const scope of otherCharts) specificationsBeside.push(await this.#chart(scope));
    const paths = await this.#paths();
    const products: Explored[] = [];
    for (const scope of this.#scopes.products) products.push(await this.#product(scope));
    this.#say("directed scenarios");
    const directed = await runDirected(this.#subject, kernel);
    this.#say("breaking every invariant on purpose");
    const breakers = await breakEveryInvariant(this.#options.limits.signal);
    this.#say("looking for causes");
    const found = directed.flatMap(({ violation }) => violation ?? []);
    const findings = await findingsOf(this.#subject, kernel, [
      ...products.slice(0, 1).map(metIn),
      { pages: DIRECTED_PAGES, maxGrefs: FIELD_MAX_GREFS, violations: found },
      ...products.slice(1).map(metIn),
    ]);
    const parts = {
      specification,
      specificationsBeside,
      paths,
      products: products.map(({ report }) => report),
      directed: directed.map(({ title, violation }) => ({ title, holds: violation === null })),
      invariants: invariantReports(products, breakers),
      coverage: this.#coverage.report(breakers),
      findings,
      nondeterminism: products.flatMap(({ product }) => product.nondeterminism),
      interrupted: this.#stopped,
    };
    return { format: "segmf-check/1", driver: this.#subject.name, kernel, ...parts, ...judgementOf(parts) };
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

  async #chart(scope: Scope): Promise<SpecificationReport> {
    this.#say(`the specification, pages: ${scope.pages}`);
    const found = await explore(machineOf(scope), {
      events: eventsByPart(scope),
      invariants: chartInvariants(scope),
      limits: this.#options.limits,
    });
    this.#coverage.add(found.coverage);
    return {
      scope: scopeReport(scope),
      states: found.states,
      transitions: found.transitions,
      depth: found.depth,
      complete: found.complete,
      violations: found.violations.map(({ invariant, path }) => ({ invariant, path: path.map(({ type }) => type) })),
    };
  }

  async #paths(): Promise<readonly PathsReport[]> {
    const { kernel } = this.#options;
    const [scope] = this.#scopes.charts;
    if (this.#stopped) return [];
    this.#say("replaying paths");
    const pages = Math.min(scope.pages, MOST_PAGES_FOR_PATHS);
    const small = defineScope({ ...scope, pages, refs: pages, forks: 0 });
    return [await replayShortestPaths(this.#subject, kernel, small), await replaySimplePaths(this.#subject, kernel)];
  }

  async #product(scope: Scope): Promise<Explored> {
    const { kernel, limits, selfCheck = usualShare(scope) } = this.#options;
    const driver = await this.#subject.open({ kernel, pages: scope.pages, maxGrefs: scope.maxGrefs });
    return exploreProduct(new Specification(sizeOf(scope)), driver, scope, {
      limits,
      selfCheck,
      progress: (progress) => this.#say(`${driver.name}, ${sizeText(scope)}: ${progressText(progress)}`),
    });
  }

  get #stopped(): boolean {
    return this.#options.limits.signal?.aborted === true;
  }

  #say(activity: string): void {
    this.#options.progress?.(activity);
  }
}

const SHARES = [1, 1, 0.05, 0.002];

/** Making some ten thousand edges takes a second: all that there are in a small scope, of a larger one about as many. */
function usualShare({ pages, forks, alphabet }: Scope): number {
  const size = pages * (1 + forks) + (alphabet === "wide" ? 1 : 0);
  return SHARES[size - 1] ?? 0.0001;
}

/** States that break `freeable`, which is judged where the graph is whole (decision D19). */
function unfreeable({ unfreeable, violatingEdges }: ProductReport): number {
  return violatingEdges > 0 ? 0 : (unfreeable ?? 0);
}

function sizeText({ pages, forks }: Scope): string {
  return `pages: ${pages}, forks: ${forks}`;
}

function progressText({ states, edges, executed, depth, waiting, bytes }: ProductProgress): string {
  const memory = bytes === null ? "" : `, ${Math.ceil(bytes / 2 ** 20)} MiB`;
  return `${states} states to level ${depth}, ${waiting} to go, ${edges} edges, ${executed} calls made${memory}`;
}

function metIn({ product, report }: Explored): Met {
  const { pages, maxGrefs } = report.scope;
  return { pages, maxGrefs, violations: product.violations };
}

function invariantReports(
  explored: readonly Explored[],
  breakers: ReadonlyMap<InvariantId, string>,
): readonly InvariantReport[] {
  return INVARIANTS.map(({ id, scope }) => {
    const sum = (count: (of: Explored) => number) => explored.reduce((total, of) => total + count(of), 0);
    const wholeSpace = scope === "space";
    return {
      id,
      judged: sum(({ product, report }) => (wholeSpace ? report.states : (product.tally.judged.get(id) ?? 0))),
      broken: sum(({ product, report }) => (wholeSpace ? unfreeable(report) : (product.tally.broken.get(id) ?? 0))),
      breakableBy: breakers.get(id) ?? null,
    };
  });
}
