import type { Driver } from "../../impl/driver.js";
import { stateKey } from "../engine/index.js";
import { specificationParts } from "./parts.js";
import type { SpecState } from "./specification.js";

/**
 * Gives quiescent states of specification and driver side by side their keys: a number for what belongs to no segment
 * (the rest), then one for each segment, 0 for one that never came to be. A segment's number stands for the pair of its
 * parts, the specification's and the driver's, so equal keys are equal states and keys are the same in every run.
 *
 * A state that can't be taken apart has a rest of its own, which stands for the whole of it, and 0 for every segment.
 */
export class Worlds {
  /** Words of a key. */
  readonly width: number;
  readonly #parts = new Numbers(1);
  readonly #rests = new Numbers(0);
  readonly #own = new Numbers(0);
  /** For each rest how many segments there are, and whether it stands for a whole state. */
  readonly #segments: number[] = [];
  readonly #whole: boolean[] = [];
  /** The specification's states as numbers of their parts, the rest first; null where there are none. */
  readonly #specifications = new WeakMap<SpecState, readonly number[] | null>();

  /** @param segments the most that ever come to be */
  constructor(segments: number) {
    this.width = 1 + segments;
  }

  /** Writes the key of the state in which the driver is, and the specification's state beside it. */
  name(spec: SpecState, driver: Driver, key: Int32Array): void {
    key.fill(0);
    const of = driver.parts();
    const own = of === null ? null : this.#specification(spec);
    if (of === null || own === null || own.length !== 1 + of.segments.length || own.length > this.width) {
      const { segments } = driver.observe();
      key[0] = this.#rest(`whole ${stateKey(spec.snapshot)} ${driver.key()}`, segments.length, true);
      return;
    }
    key[0] = this.#rest(`${own[0]} ${of.rest}`, of.segments.length, false);
    for (const [seg, part] of of.segments.entries()) key[1 + seg] = this.#parts.of(`${own[1 + seg]} ${part}`);
  }

  /** How many segments ever came to be in states with this rest. */
  segments(rest: number): number {
    return this.#segments[rest] ?? 0;
  }

  isWhole(rest: number): boolean {
    return this.#whole[rest] === true;
  }

  /** All numbers given so far, for whoever gives the same ones again. */
  get named(): Named {
    const [parts, rests, own] = [this.#parts.texts, this.#rests.texts, this.#own.texts];
    return { parts, rests, own, segments: [...this.#segments], whole: [...this.#whole] };
  }

  /** Gives the same numbers from now on. None may have been given before. */
  takeOver({ parts, rests, own, segments, whole }: Named): void {
    this.#parts.takeOver(parts);
    this.#rests.takeOver(rests);
    this.#own.takeOver(own);
    for (const count of segments) this.#segments.push(count);
    for (const is of whole) this.#whole.push(is);
  }

  #rest(text: string, segments: number, whole: boolean): number {
    const rest = this.#rests.of(text);
    this.#segments[rest] = segments;
    this.#whole[rest] = whole;
    return rest;
  }

  #specification(spec: SpecState): readonly number[] | null {
    let numbers = this.#specifications.get(spec);
    if (numbers === undefined) {
      const parts = specificationParts(spec.snapshot);
      numbers = parts && [parts.rest, ...parts.segments].map((part) => this.#own.of(part));
      this.#specifications.set(spec, numbers);
    }
    return numbers;
  }
}

/** What has a number, by its number: see `Worlds`. Plain data. */
export interface Named {
  readonly parts: readonly string[];
  readonly rests: readonly string[];
  /** Parts of the specification's states. */
  readonly own: readonly string[];
  /** Of each rest. */
  readonly segments: readonly number[];
  readonly whole: readonly boolean[];
}

/** Texts by number, in the order in which they come. */
class Numbers {
  readonly #numbers = new Map<string, number>();
  readonly #first: number;

  constructor(first: number) {
    this.#first = first;
  }

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#first + this.#numbers.size;
      this.#numbers.set(text, number);
    }
    return number;
  }

  get texts(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  takeOver(texts: readonly string[]): void {
    for (const text of texts) this.of(text);
  }
}
