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
import { type Explored, exploreProduct, scopeReport } from "./explore.js";
import { replayShortestPaths, replaySimplePaths } from "./paths.js";
import type { CheckReport, InvariantReport, PathsReport, ProductReport, SpecificationReport } from "./report.js";
import { FIELD_MAX_GREFS } from "./run.js";
import { Specification } from "./specification.js";
import type { Subject } from "./subject.js";
import { judgementOf } from "./verdict.js";

export interface CheckOptions {
  readonly kernel: KernelKind;
  readonly scope: Scope;
  /** For each exploration: states and seconds; the signal stops everything. */
  readonly limits: Limits;
  /** The share of edges made twice, 0 to 1; by default all of them in small scopes and one in twenty in large ones. */
  readonly selfCheck?: number;
  /** Called now and then with what is being done. */
  readonly progress?: (activity: string) => void;
}

/** A check's report without the time that it took, which is the caller's to measure. */
export type TimelessReport = Omit<CheckReport, "seconds">;

/**
 * The scope in which the limit on refs lies inside the segment (decision D11), explored beside the one that is asked for.
 */
const LIMIT_SCOPE: Scope = defineScope({ pages: 2, domids: [7, 9], maxGrefs: 1 });

/** The scope in which a segment is forked, explored beside one without forks. */
const FORK_SCOPE: Scope = defineScope({ pages: 1, domids: [7, 9], forks: 1 });

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
  readonly #coverage = new ChartCoverage();

  constructor(subject: Subject, options: CheckOptions) {
    this.#subject = subject;
    this.#options = options;
  }

  async run(): Promise<TimelessReport> {
    const { kernel, scope } = this.#options;
    const companions = scope.forks === 0 ? [FORK_SCOPE, LIMIT_SCOPE] : [LIMIT_SCOPE];
    const specification = await this.#chart(scope);
    const beside: SpecificationReport[] = [];
    for (const companion of companions) beside.push(await this.#chart(companion));
    const paths = await this.#paths();
    const main = await this.#product(scope);
    const companionProducts: Explored[] = [];
    for (const companion of companions) companionProducts.push(await this.#product(companion));
    const products = [main, ...companionProducts];
    this.#say("directed scenarios");
    const directed = await runDirected(this.#subject, kernel);
    this.#say("breaking every invariant on purpose");
    const breakers = await breakEveryInvariant(this.#options.limits.signal);
    this.#say("looking for causes");
    const found = directed.flatMap(({ violation }) => violation ?? []);
    const findings = await findingsOf(this.#subject, kernel, [
      metIn(main),
      { pages: DIRECTED_PAGES, maxGrefs: FIELD_MAX_GREFS, violations: found },
      ...companionProducts.map(metIn),
    ]);
    const parts = {
      specification,
      specificationsBeside: beside,
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
    const { kernel, scope } = this.#options;
    if (this.#stopped) return [];
    this.#say("replaying paths");
    const pages = Math.min(scope.pages, MOST_PAGES_FOR_PATHS);
    const small = defineScope({ ...scope, pages, refs: pages, forks: 0 });
    return [await replayShortestPaths(this.#subject, kernel, small), await replaySimplePaths(this.#subject, kernel)];
  }

  async #product(scope: Scope): Promise<Explored> {
    const { kernel, limits, selfCheck = isSmall(scope) ? 1 : 0.05 } = this.#options;
    const driver = await this.#subject.open({ kernel, pages: scope.pages, maxGrefs: scope.maxGrefs });
    return exploreProduct(new Specification(sizeOf(scope)), driver, scope, {
      limits,
      selfCheck,
      progress: (states, edges, waiting) =>
        this.#say(`${driver.name}, pages: ${scope.pages}: ${states} states, ${edges} edges, ${waiting} states to go`),
    });
  }

  get #stopped(): boolean {
    return this.#options.limits.signal?.aborted === true;
  }

  #say(activity: string): void {
    this.#options.progress?.(activity);
  }
}

/** Some ten thousand edges: making each twice takes seconds. */
function isSmall({ pages, forks, alphabet }: Scope): boolean {
  return pages + forks <= 2 && alphabet === "default";
}

/** States that break `freeable`, which is judged where the graph is whole (decision D19). */
function unfreeable({ unfreeable, violatingEdges }: ProductReport): number {
  return violatingEdges > 0 ? 0 : (unfreeable ?? 0);
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
