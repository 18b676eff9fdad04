/** What can be measured: one thing that a process does, as plain data, so that another process can be asked to do it. */
export type Task =
  | ExploreTask
  /** Our own specification, by the engine. */
  | { readonly kind: "specification"; readonly scope: BenchScope }
  /** The product of specification and driver, every edge judged. */
  | { readonly kind: "product"; readonly driver: BenchDriver; readonly scope: BenchScope }
  /** Calls of a driver with a restore before and a snapshot after each. */
  | { readonly kind: "calls"; readonly driver: BenchDriver; readonly calls: number }
  /** Nothing but importing what an exploration by the engine needs. */
  | { readonly kind: "import" }
  /** Nothing: what a process costs. */
  | { readonly kind: "nothing" };

export interface ExploreTask {
  readonly kind: "explore";
  readonly explorer: Explorer;
  readonly model: Model;
  /** Resource managers, or philosophers. */
  readonly size: number;
  /** Threads; only the engine has more than one. */
  readonly workers?: number;
}

export type Explorer = "engine" | "hand-packed" | "XState + Map" | "getAdjacencyMap" | "getShortestPaths";

export type Model = "two-phase commit" | "dining philosophers";

export interface BenchScope {
  readonly pages: number;
  readonly forks?: number;
}

/** An edition of ours by its name, or a C file by its path. */
export type BenchDriver = "corrected" | "illumos" | { readonly file: string };

/** What a task did. Nothing is there that it can't tell. */
export interface Counts {
  readonly states?: number;
  /** Of what the time is divided by: transitions, edges, calls. */
  readonly transitions?: number;
  /** What the set of visited states takes. */
  readonly bytes?: number;
}

/** How a report calls a task: what is done, and by whom. */
export function titleOf(task: Task): { readonly what: string; readonly by: string } {
  switch (task.kind) {
    case "explore": {
      const by = task.workers === undefined ? task.explorer : `${task.explorer}, ${task.workers} workers`;
      return { what: `${task.model}, ${task.size}`, by };
    }
    case "specification":
      return { what: `specification, ${scopeTitle(task.scope)}`, by: "engine" };
    case "product":
      return { what: `product, ${scopeTitle(task.scope)}`, by: driverTitle(task.driver) };
    case "calls":
      return { what: "calls with restore and snapshot", by: driverTitle(task.driver) };
    case "import":
      return { what: "imports", by: "engine" };
    case "nothing":
      return { what: "imports", by: "none" };
  }
}

function scopeTitle({ pages, forks = 0 }: BenchScope): string {
  return `${pages} page${pages === 1 ? "" : "s"}${forks === 0 ? "" : `, ${forks} fork${forks === 1 ? "" : "s"}`}`;
}

function driverTitle(driver: BenchDriver): string {
  return typeof driver === "string" ? driver : driver.file;
}
