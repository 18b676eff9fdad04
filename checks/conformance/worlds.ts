import type { Driver } from "../../impl/driver.js";
import { stateKey } from "../engine/index.js";
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
  readonly #segmentParts = new Numbers();
  readonly #restParts = new Numbers();
  readonly #wholes = new Numbers();
  /** Of two parts of a segment, 0 being for no segment. */
  readonly #pairs = new Pairs(1);
  readonly #rests = new Pairs(0);
  /** For each rest how many segments there are, and whether it stands for a whole state. */
  readonly #segments: number[] = [];
  readonly #whole: boolean[] = [];

  /** @param segments the most that ever come to be */
  constructor(segments: number) {
    this.width = 1 + segments;
  }

  /** Writes the key of the state in which the driver is, and the specification's state beside it. */
  name(spec: SpecState, driver: Driver, key: Int32Array): void {
    key.fill(0);
    const of = driver.parts();
    const own = of === null ? null : spec.parts;
    if (of === null || own === null || own.segments.length !== of.segments.length || of.segments.length >= this.width) {
      const { segments } = driver.observe();
      const whole = this.#wholes.of(`${stateKey(spec.snapshot)} ${driver.key()}`);
      key[0] = this.#rest(WHOLE, whole, segments.length);
      return;
    }
    key[0] = this.#rest(this.#restParts.of(own.rest), this.#restParts.of(of.rest), of.segments.length);
    for (let seg = 0; seg < of.segments.length; seg++) {
      // There are as many parts of the one as of the other.
      const [ours, theirs] = [own.segments[seg] as string, of.segments[seg] as string];
      key[1 + seg] = this.#pairs.of(this.#segmentParts.of(ours), this.#segmentParts.of(theirs));
    }
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
    return {
      segmentParts: this.#segmentParts.texts,
      restParts: this.#restParts.texts,
      wholes: this.#wholes.texts,
      pairs: this.#pairs.all,
      rests: this.#rests.all,
      segments: [...this.#segments],
      whole: [...this.#whole],
    };
  }

  /** Gives the same numbers from now on. None may have been given before. */
  takeOver({ segmentParts, restParts, wholes, pairs, rests, segments, whole }: Named): void {
    this.#segmentParts.takeOver(segmentParts);
    this.#restParts.takeOver(restParts);
    this.#wholes.takeOver(wholes);
    this.#pairs.takeOver(pairs);
    this.#rests.takeOver(rests);
    for (const count of segments) this.#segments.push(count);
    for (const is of whole) this.#whole.push(is);
  }

  #rest(own: number, of: number, segments: number): number {
    const rest = this.#rests.of(own, of);
    this.#segments[rest] = segments;
    this.#whole[rest] = own === WHOLE;
    return rest;
  }
}

/** Stands in a rest for the specification's part of a state that can't be taken apart. */
const WHOLE = 0;

/** What has a number, by its number: see `Worlds`. Plain data. */
export interface Named {
  /** Of the specification's states as of the driver's. */
  readonly segmentParts: readonly string[];
  readonly restParts: readonly string[];
  readonly wholes: readonly string[];
  /** The one, the other, the one of the next pair … */
  readonly pairs: readonly number[];
  readonly rests: readonly number[];
  /** Of each rest. */
  readonly segments: readonly number[];
  readonly whole: readonly boolean[];
}

/** Texts by number from 1, in the order in which they come. Whoever asks with the same text again need not have it hashed anew. */
class Numbers {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = 1 + this.#numbers.size;
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

/** Pairs of such numbers by number, in the order in which they come. */
class Pairs {
  readonly #numbers = new Map<number, number>();
  readonly #first: number;

  constructor(first: number) {
    this.#first = first;
  }

  of(one: number, other: number): number {
    const pair = one * MOST_NUMBERS + other;
    let number = this.#numbers.get(pair);
    if (number === undefined) {
      number = this.#first + this.#numbers.size;
      this.#numbers.set(pair, number);
    }
    return number;
  }

  get all(): readonly number[] {
    return [...this.#numbers.keys()].flatMap((pair) => [Math.floor(pair / MOST_NUMBERS), pair % MOST_NUMBERS]);
  }

  takeOver(pairs: readonly number[]): void {
    for (let at = 0; at < pairs.length; at += 2) this.of(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  }
}

/** More texts than a map has room for, and few enough that two numbers fit into one exactly. */
const MOST_NUMBERS = 2 ** 26;
