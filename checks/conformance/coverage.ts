import { INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import type { Coverage } from "../engine/index.js";
import type { CoverageReport } from "./report.js";

/**
 * Which transitions and guard branches of the chart were taken, over several explorations. Charts of different sizes have
 * different state nodes, so a transition of one is covered where the like one of another is: page and segment numbers
 * are left out of its name.
 */
export class ChartCoverage {
  readonly #taken = new Map<string, boolean>();

  add({ transitions }: Pick<Coverage<unknown>, "transitions">): void {
    for (const { source, event, candidate, guard, targets, taken } of transitions) {
      const name = withoutNumbers(
        `${source}: ${event ?? "always"} [${candidate}${guard === null ? "" : ` ${guard}`}]${targets.length > 0 ? ` -> ${targets.join(", ")}` : ""}`,
      );
      this.#taken.set(name, (this.#taken.get(name) ?? false) || taken > 0);
    }
  }

  report(breakers: ReadonlyMap<InvariantId, string>): CoverageReport {
    const all = [...this.#taken];
    return {
      taken: all.filter(([, taken]) => taken).length,
      total: all.length,
      missing: all.filter(([, taken]) => !taken).map(([name]) => name),
      breakable: INVARIANTS.filter(({ id }) => breakers.has(id)).length,
      invariants: INVARIANTS.length,
    };
  }
}

function withoutNumbers(name: string): string {
  return name.replaceAll(/\b(segment|page)\d+/g, "$1");
}
