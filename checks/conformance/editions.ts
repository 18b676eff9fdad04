import type { Driver, Machine, Observation, Snapshot } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import type { Breach } from "../../model/judged.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { answersOf } from "../../traces/scenario/script.js";
import { takeEdge } from "./edge.js";
import type { Specification, SpecState } from "./specification.js";
import type { Specifications } from "./specifications.js";
import { textOf } from "./text.js";

/** Where a scenario is first violated, and how. */
export interface Broken {
  /** The index of the step. */
  readonly at: number;
  readonly breaches: readonly Breach[];
  readonly panic: string | null;
}

/** The editions of the driver on one machine that have some of the given errata and lack the others, made when needed. */
export class Editions {
  readonly #machine: Machine;
  readonly #errata: readonly ErratumId[];
  readonly #specifications: Specifications;
  readonly #editions = new Map<string, Edition>();
  /** The scenario asked about last: it is asked about of many editions in a row. */
  #scenario: Scenario | null = null;

  constructor(machine: Machine, errata: readonly ErratumId[], specifications: Specifications) {
    this.#machine = machine;
    this.#errata = errata;
    this.#specifications = specifications;
  }

  /** Where the edition with all errata but these violates a scenario, or `null`. */
  broken(steps: readonly Step[], mended: readonly ErratumId[]): Broken | null {
    if (this.#scenario?.steps !== steps) this.#scenario = this.#prepared(steps);
    const key = mended.join();
    let edition = this.#editions.get(key);
    if (edition === undefined) {
      const errata = new Set(this.#errata.filter((id) => !mended.includes(id)));
      edition = new Edition(segmfDriver({ machine: this.#machine, errata }));
      this.#editions.set(key, edition);
    }
    return edition.broken(this.#scenario);
  }

  #prepared(steps: readonly Step[]): Scenario {
    const specification = this.#specifications.of(this.#machine, steps);
    return { steps, specification, way: textOf(steps.slice(0, -1)) };
  }
}

interface Scenario {
  readonly steps: readonly Step[];
  readonly specification: Specification;
  /** All but the last step, as text: violations that are met one after the other mostly have that in common. */
  readonly way: string;
}

/** Where a driver stands between two steps, the specification beside it. */
interface Place {
  readonly snapshot: Snapshot;
  readonly spec: SpecState;
  readonly observed: Observation;
}

/** What becomes of a step: it is violated, or leads to a place, or to the panic that section 3 prescribes. */
type Outcome = Broken | Place | null;

class Edition {
  readonly #driver: Driver;
  readonly #start: Snapshot;
  #way: string | null = null;
  #by: Specification | null = null;
  /** Where the way that was gone last leads to, by that specification. */
  #end: Outcome = null;

  constructor(driver: Driver) {
    this.#driver = driver;
    this.#start = driver.snapshot();
  }

  broken({ steps, specification, way }: Scenario): Broken | null {
    if (way !== this.#way || specification !== this.#by) {
      this.#driver.restore(this.#start);
      const start = { snapshot: this.#start, spec: specification.initial, observed: this.#driver.observe() };
      this.#end = this.#go(start, steps.slice(0, -1), 0, specification);
      this.#way = way;
      this.#by = specification;
    }
    const end = this.#end;
    const outcome = end === null || "at" in end ? end : this.#go(end, steps.slice(-1), steps.length - 1, specification);
    return outcome !== null && "at" in outcome ? outcome : null;
  }

  #go(from: Place, steps: readonly Step[], index: number, specification: Specification): Outcome {
    this.#driver.restore(from.snapshot);
    let place: Omit<Place, "snapshot"> = from;
    for (const [i, step] of steps.entries()) {
      const { call } = step;
      const edge = takeEdge(this.#driver, specification, place, call, answersOf(step));
      const { panic } = edge.outcome;
      if (edge.breaches.length > 0) return { at: index + i, breaches: edge.breaches, panic };
      if (panic !== null) return null;
      place = { spec: edge.step.next, observed: edge.after };
    }
    return { ...place, snapshot: this.#driver.snapshot() };
  }
}
