import type { Machine } from "../../impl/driver.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Specification } from "./specification.js";
import { chartSize } from "./walk.js";

/** More states of one are not remembered from one scenario to the next. */
const MOST_STATES = 20_000;

/** The specifications that scenarios need, by their size: to make one, and to take steps for the first time, is what takes long. */
export class Specifications {
  readonly #bySize = new Map<string, Specification>();

  of(machine: Machine, steps: readonly Step[]): Specification {
    const size = chartSize(machine, steps);
    const key = `${size.pages} ${size.maxGrefs} ${size.creates} ${size.forks}`;
    let specification = this.#bySize.get(key);
    if (specification === undefined) {
      specification = new Specification(size);
      this.#bySize.set(key, specification);
    }
    if (specification.size > MOST_STATES) specification.forget();
    return specification;
  }
}
