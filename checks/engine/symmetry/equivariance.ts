import type { CompiledSystem } from "../compiled/system.js";
import { type Acting, isSame, type Placed } from "./acting.js";
import { after } from "./after.js";
import { type AllElements, allElements, assertProducts, type Element, someElements } from "./elements.js";
import { notSymmetric } from "./refusals.js";

/** A state with what permutations make of it. */
export interface Tried {
  readonly elements: readonly Element[];
  readonly images: readonly Int32Array[];
}

/** Up to so many permutations are all tried. */
const MOST_ELEMENTS = 720;
/** So many comparisons of steps are made with all permutations, and as many again with some of them. */
const MOST_COMPARISONS = 2_000_000;

/**
 * Compares what happens in a state with what happens in its images: the same events, renamed, must be enabled there, and
 * lead to the images of where they lead here.
 */
export class Equivariance {
  readonly #system: CompiledSystem;
  readonly #acting: Acting;
  readonly #events: readonly number[];
  readonly #whole: AllElements | null;
  readonly #all: readonly Element[] | null;
  readonly #some: readonly Element[];
  readonly #share: number;
  readonly #checkedRests = new Set<number>();
  #comparedWithAll = 0;
  #comparedWithSome = 0;
  #judged = 0;
  #states = 0;
  #shared = 0;
  #proven = true;

  /** @param share of the states that are compared even when there were enough, 0 to 1 */
  constructor(system: CompiledSystem, acting: Acting, events: readonly number[], share: number) {
    this.#system = system;
    this.#acting = acting;
    this.#events = events;
    this.#share = share;
    const most = Math.max(...events, -1) + 1;
    this.#whole = allElements(acting, most, MOST_ELEMENTS);
    this.#all = this.#whole?.elements ?? null;
    this.#some = someElements(acting, most);
  }

  /** Whether all permutations were tried on every state so far. */
  get proven(): boolean {
    return this.#proven;
  }

  /**
   * Tries a state that is about to be expanded.
   * @throws EngineError `not-symmetric`
   */
  check(state: Int32Array): void {
    const elements = this.#chosen();
    if (elements.length <= 1) return;
    if (elements === this.#all) this.#checkRest(state);
    const images = imagesOf(this.#acting, elements, state);
    for (const event of this.#events) this.#checkEvent(elements, images, event);
  }

  /** Once for all rests that permutations make of each other. */
  #checkRest(state: Int32Array): void {
    const acting = this.#acting;
    const rest = acting.rests.of(state);
    if (this.#whole === null || this.#checkedRests.has(rest)) return;
    const rests: number[] = [];
    for (const { parent, action } of this.#whole.elements) {
      rests.push(action === null ? rest : acting.rest(action, rests[parent] ?? rest));
    }
    assertProducts(acting, this.#whole, rests);
    for (const checked of rests) this.#checkedRests.add(checked);
  }

  /** What permutations make of a state: of all of them, or of some when many were tried. The state itself comes first. */
  tried(state: Int32Array): Tried {
    if (this.#all === null || this.#judged + this.#all.length > MOST_COMPARISONS) this.#proven = false;
    else this.#judged += this.#all.length;
    const elements = this.#proven ? (this.#all ?? this.#some) : this.#some;
    return { elements, images: imagesOf(this.#acting, elements, state).map((image) => this.#system.sized(image)) };
  }

  /**
   * What is asked of a state must be answered alike for its images.
   * @throws EngineError `not-symmetric`
   */
  assertAlike({ elements, images }: Tried, answer: boolean, ask: (state: Int32Array) => boolean, what: string): void {
    images.forEach((image, index) => {
      const other = index === 0 ? answer : ask(image);
      if (other === answer) return;
      throw notSymmetric(`${what} is ${answer} of a state, but ${other} when things are renamed in it`, {
        at: this.#nameOf(elements, index),
        hint: "It must treat all things alike that `symmetry` says may trade places.",
      });
    });
  }

  /** Compares a state with all its images, or some, however many were compared before. */
  checkAnyway(state: Int32Array): void {
    const elements = this.#all ?? this.#some;
    const images = imagesOf(this.#acting, elements, state);
    for (const event of this.#events) this.#checkEvent(elements, images, event);
  }

  /** The permutations to try now: fewer, then none, when many were tried. */
  #chosen(): readonly Element[] {
    this.#states += 1;
    const events = this.#events.length;
    if (this.#all !== null && this.#comparedWithAll + this.#all.length * events <= MOST_COMPARISONS) {
      this.#comparedWithAll += this.#all.length * events;
      return this.#all;
    }
    this.#proven = false;
    const isDue = Math.floor(this.#states * this.#share) > this.#shared;
    if (isDue) this.#shared += 1;
    else if (this.#comparedWithSome + this.#some.length * events > MOST_COMPARISONS) return [];
    this.#comparedWithSome += this.#some.length * events;
    return this.#some;
  }

  #checkEvent(elements: readonly Element[], images: readonly Int32Array[], event: number): void {
    const [state] = images;
    if (state === undefined) return;
    const here = after(this.#system, state, event);
    const nexts = here === null ? null : imagesOf(this.#acting, elements, here);
    for (let index = 1; index < elements.length; index += 1) {
      const there = after(this.#system, images[index] ?? state, elements[index]?.events[event] ?? event);
      const expected = nexts?.[index] ?? null;
      if (there === null && expected === null) continue;
      if (there !== null && expected !== null && isSame(there, expected)) continue;
      throw this.#differs(this.#nameOf(elements, index), event, here !== null, there !== null);
    }
  }

  #differs(at: string, event: number, here: boolean, there: boolean): Error {
    const what =
      here && there
        ? "An event leads to another state when things are renamed"
        : `An event is ${here ? "" : "not "}enabled in a state, but ${there ? "is" : "is not"} when things are renamed`;
    return notSymmetric(what, {
      at,
      event: this.#system.compiled.event(event),
      hint: "The machine does not treat these things alike, or `symmetry` does not say rightly where they are named.",
    });
  }

  /** The permutation as the actions that it is made of. */
  #nameOf(elements: readonly Element[], index: number): string {
    const names: string[] = [];
    for (let at = elements[index]; at !== undefined && at.action !== null; at = elements[at.parent]) {
      names.unshift(at.action.name);
    }
    return names.join("; then ");
  }
}

/** What each of the permutations makes of a state. */
function imagesOf(acting: Acting, elements: readonly Element[], state: Int32Array): readonly Int32Array[] {
  const images: Placed[] = [];
  for (const { parent, action } of elements) {
    // Whatever an element is made of comes before it.
    images.push(action === null ? acting.placed(state) : acting.image(action, images[parent] as Placed));
  }
  return images.map((image) => image.state);
}
