import type { AccessType, FaultType, PassiveCall, Prot, Returned, Word } from "../driver.js";
import { decodeFault } from "../kernel/faultcode.js";
import type { DriverOps, PrivateView } from "../kernel/ops.js";
import type { Deviations } from "./deviations.js";
import * as frames from "./frames.js";
import * as grants from "./grants.js";
import { privateKey } from "./key.js";
import * as lifecycle from "./lifecycle.js";
import * as passive from "./passive.js";
import { releaseGrefs } from "./release.js";
import type { Seen, SegmfKernel, Shared } from "./segment.js";
import { Segment, shared } from "./segment.js";

/**
 * The machine-frame segment driver: the five entry points and the seg_ops slots of contract section 2, on the kernel's
 * services. It has no state but what is in the kernel's memory, so a snapshot of the kernel is one of the driver.
 */
export class SegmfOps implements DriverOps {
  readonly name: string;
  readonly #shared: Shared;

  /** `pages`: of every segment. */
  constructor(name: string, kernel: SegmfKernel, pages: number, deviates: Deviations) {
    this.name = name;
    this.#shared = shared(kernel, pages, deviates);
  }

  create(seg: number, prot: Prot, maxprot: Prot): number {
    return lifecycle.create(this.#segment(seg), prot, maxprot);
  }

  dup(seg: number, into: number): number {
    return lifecycle.dup(this.#segment(seg), this.#segment(into));
  }

  unmap(seg: number, addr: number, len: number): number {
    return lifecycle.unmap(this.#segment(seg), addr, len);
  }

  free(seg: number): void {
    lifecycle.free(this.#segment(seg));
  }

  fault(seg: number, addr: number, len: number, type: FaultType, rw: AccessType): number {
    return decodeFault(passive.fault(this.#segment(seg), addr, len, type, rw));
  }

  passive(call: PassiveCall): Returned {
    return passive.passive(this.#segment(call.seg), call);
  }

  add_mfns(seg: number, addr: number, mfn: Word, count: number, domid: number, foreign: boolean): number {
    return frames.addMfns(this.#segment(seg), addr, mfn, count, domid, foreign);
  }

  add_gref_pte(seg: number, addr: number, pte_ma: Word): void {
    grants.addGrefPte(this.#segment(seg), addr, pte_ma);
  }

  add_grefs(
    seg: number,
    addr: number,
    writable: boolean,
    grefs: readonly number[],
    domid: number,
    foreign: boolean,
  ): number {
    return grants.addGrefs(this.#segment(seg), addr, writable, grefs, domid, foreign);
  }

  release_grefs(seg: number, addr: number, count: number): number {
    return releaseGrefs(this.#segment(seg), addr, count);
  }

  poison(): void {
    // Dead cells cannot be read, and a status that was never written is known as such (grants.ts).
  }

  view(seg: number): PrivateView | null {
    return this.#segment(seg).view();
  }

  privateKey(seg: number, handle: (handle: number) => string): string {
    return privateKey(this.#segment(seg), handle);
  }

  stamp(): number {
    return 0;
  }

  sharedKey(): string {
    return "";
  }

  /** All state is in the kernel's memory: what is saved is how it was seen, so that it need not be looked at again. */
  save(): unknown {
    return this.#shared.segments.map((segment) => (segment.view() === null ? null : segment.seen));
  }

  load(saved: unknown): void {
    // What the host hands back is what `save` gave it.
    const seen = saved as readonly (Seen | null)[];
    for (const segment of this.#shared.segments) segment.seen = seen[segment.seg] ?? null;
  }

  #segment(seg: number): Segment {
    const { segments } = this.#shared;
    for (let next = segments.length; next <= seg; next++) segments.push(new Segment(this.#shared, next));
    // The loop has just seen to it.
    return segments[seg] as Segment;
  }
}
