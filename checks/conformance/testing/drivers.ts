import type {
  AnswerSource,
  Call,
  Driver,
  KernelKind,
  Machine,
  Observation,
  Outcome,
  Parts,
  Snapshot,
} from "../../../impl/driver.js";
import { CORRECTED, segmfDriver } from "../../../impl/segmf/edition.js";
import type { ErratumId } from "../../../impl/segmf/errata.js";
import { edition, type Subject } from "../subject.js";

/** Drivers to be checked, and drivers that misbehave. */

export const KERNELS: readonly KernelKind[] = ["debug", "release"];

export function machine(pages: number, kernel: KernelKind = "debug", maxGrefs = 16): Machine {
  return { kernel, pages, maxGrefs };
}

/** The corrected driver with these errata. */
export function driverWith(errata: Iterable<ErratumId>, on: Machine): Driver {
  return segmfDriver({ machine: on, errata: new Set(errata) });
}

export const corrected: Subject = edition("corrected", CORRECTED);

export function only(...errata: readonly ErratumId[]): Subject {
  return edition(errata.join("+"), new Set(errata));
}

/** What a wrapper does otherwise than the driver that it wraps. */
export interface Twist {
  perform?(call: Call, answers: AnswerSource, real: Driver): Outcome;
  observe?(real: Driver): Observation;
  key?(real: Driver): string;
  /** Without it the driver can't be taken apart. */
  parts?(real: Driver): Parts | null;
}

/** A driver that is another one but for a twist. */
export class Twisted implements Driver {
  readonly name = "twisted";
  readonly machine: Machine;
  readonly #real: Driver;
  readonly #twist: Twist;

  constructor(real: Driver, twist: Twist) {
    this.machine = real.machine;
    this.#real = real;
    this.#twist = twist;
  }

  perform(call: Call, answers: AnswerSource): Outcome {
    return this.#twist.perform?.(call, answers, this.#real) ?? this.#real.perform(call, answers);
  }

  observe(): Observation {
    return this.#twist.observe?.(this.#real) ?? this.#real.observe();
  }

  snapshot(): Snapshot {
    return this.#real.snapshot();
  }

  restore(snapshot: Snapshot): void {
    this.#real.restore(snapshot);
  }

  key(): string {
    return this.#twist.key?.(this.#real) ?? this.#real.key();
  }

  /** A twist is not among what the real driver keeps track of. */
  parts(): Parts | null {
    return this.#twist.parts?.(this.#real) ?? null;
  }
}
