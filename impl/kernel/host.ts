import type {
  AnswerSource,
  Call,
  Driver,
  Machine,
  Observation,
  Outcome,
  Parts,
  Prot,
  Returned,
  Snapshot,
} from "../driver.js";
import { CallerError } from "./errors.js";
import type { Kernel } from "./kernel.js";
import { Canon, type Reading } from "./key.js";
import { addSegment, beginToWait, registerPte, segmentOf, settle, tellOfUnmap } from "./machineroom.js";
import type { Sights } from "./observe.js";
import { Observer } from "./observe.js";
import type { DriverOps } from "./ops.js";
import { KernelPanic } from "./panic.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import type { KernelState } from "./state.js";

/**
 * Turns what a driver offers into a `Driver`: plays what the kernel and the callers do around each call (contract section
 * 4), and makes the kernel's panic the call's outcome. `kernel` must be new and the one that `ops` was made for.
 */
export function hostDriver(kernel: Kernel, ops: DriverOps): Driver {
  kernel.bind(ops);
  return new HostedDriver(kernel, ops);
}

interface SnapshotParts {
  readonly owner: HostedDriver;
  readonly kernel: KernelState;
  readonly driver: unknown;
  /** What had been found out of the state: nothing that it does not say itself. */
  readonly sights: Sights;
  readonly observed: Observation;
  readonly reading: Reading;
}
interface HostSnapshot extends SnapshotParts, Snapshot {}

class HostedDriver implements Driver {
  readonly name: string;
  readonly machine: Machine;
  readonly #kernel: Kernel;
  readonly #ops: DriverOps;
  readonly #canon: Canon;
  readonly #observer: Observer;

  constructor(kernel: Kernel, ops: DriverOps) {
    this.name = ops.name;
    this.machine = kernel.machine;
    this.#kernel = kernel;
    this.#ops = ops;
    this.#canon = new Canon(ops, kernel.footprint);
    this.#observer = new Observer((seg) => ops.view(seg));
  }

  /**
   * Performs one call. Throws `CallerError` for one that makes no sense (scenario.md: a mistake in the file), never for
   * what the driver does.
   */
  perform(call: Call, answers: AnswerSource): Outcome {
    this.#checkCall(call);
    this.#kernel.begin(call.seg, call.call === "release_grefs", answers);
    this.#ops.poison();
    try {
      return this.#kernel.end(this.#dispatch(call));
    } catch (error) {
      if (error instanceof KernelPanic) return this.#kernel.end(null);
      throw error;
    }
  }

  observe(): Observation {
    return this.#observer.observe(this.#kernel.state);
  }

  snapshot(): Snapshot {
    const kernel = this.#kernel.state;
    const observed = this.observe();
    const { sights } = this.#observer;
    const reading = this.#canon.reading(kernel);
    const parts: SnapshotParts = { owner: this, kernel, driver: this.#ops.save(), sights, observed, reading };
    return parts as HostSnapshot;
  }

  restore(snapshot: Snapshot): void {
    const { owner, kernel, driver, sights, observed, reading } = snapshot as HostSnapshot;
    if (owner !== this) throw new CallerError("the snapshot was taken of another driver");
    this.#kernel.state = kernel;
    this.#ops.load(driver);
    this.#observer.sights = sights;
    this.#observer.last = observed;
    this.#canon.recall(reading);
  }

  key(): string {
    return this.#canon.key(this.#kernel.state);
  }

  parts(): Parts | null {
    return this.#canon.parts(this.#kernel.state);
  }

  #dispatch(call: Call): Returned {
    if (call.call === "create") this.#addSegment(call.prot, call.maxprot);
    if (call.waiting === true) this.#beginToWait(call.seg);
    const ops = this.#ops;
    const { seg } = call;
    switch (call.call) {
      case "create":
        return this.#settle(seg, ops.create(seg, call.prot, call.maxprot));
      case "dup": {
        this.#kernel.footprint.touch(seg);
        const { prot, maxprot } = segmentOf(this.#kernel.state, seg);
        this.#addSegment(prot, maxprot);
        return this.#settle(call.into, ops.dup(seg, call.into));
      }
      case "unmap":
        if (call.addr === 0 && call.len === this.machine.pages * PAGE_SIZE) this.#tellOfUnmap(seg);
        return ops.unmap(seg, SEGMENT_BASE + call.addr, call.len);
      case "free":
        this.#kernel.freeSegment(seg);
        return null;
      case "add_mfns":
        return ops.add_mfns(seg, at(call.page), BigInt(call.mfn), call.count, call.domid, call.foreign === true);
      case "add_gref_pte":
        if (call.page >= 0 && call.page < this.machine.pages) {
          this.#kernel.footprint.touch(seg);
          this.#kernel.state = registerPte(this.#kernel.state, seg, call.page, call.pte_ma);
        }
        ops.add_gref_pte(seg, at(call.page), call.pte_ma);
        return null;
      case "add_grefs":
        return ops.add_grefs(seg, at(call.page), call.writable, call.grefs, call.domid, call.foreign === true);
      case "release_grefs":
        return ops.release_grefs(seg, at(call.page), call.count);
      case "fault":
        return ops.fault(seg, at(call.page), call.count * PAGE_SIZE, call.type, call.rw);
      default:
        return ops.passive(call);
    }
  }

  #addSegment(prot: Prot, maxprot: Prot): void {
    this.#kernel.footprint.touch(this.#kernel.state.segments.length);
    this.#kernel.state = addSegment(this.#kernel.state, this.machine.pages, prot, maxprot);
  }

  #beginToWait(seg: number): void {
    this.#kernel.footprint.touch(seg);
    this.#kernel.state = beginToWait(this.#kernel.state, seg);
  }

  #settle(seg: number, errno: number): number {
    this.#kernel.state = settle(this.#kernel.state, seg, errno === 0 ? "live" : "stillborn");
    return errno;
  }

  #tellOfUnmap(seg: number): void {
    this.#kernel.footprint.touch(seg);
    const { state, breach } = tellOfUnmap(this.#kernel.state, seg, this.#kernel.debug);
    this.#kernel.state = state;
    if (breach !== null) this.#kernel.stop(breach);
  }

  #checkCall(call: Call): void {
    const { segments, panic } = this.#kernel.state;
    if (panic !== null) throw new CallerError(`${call.call}: the kernel has panicked (${panic})`);
    if (call.call === "create") {
      this.#checkNext(call.call, call.seg);
      return;
    }
    const life = segments[call.seg]?.life;
    const wanted = call.call === "free" ? "stillborn" : "live";
    if (life !== wanted) {
      throw new CallerError(`${call.call}: segment ${call.seg} is ${life ?? "not there"}, must be ${wanted}`);
    }
    if (call.call === "dup") this.#checkNext(call.call, call.into);
  }

  #checkNext(call: string, seg: number): void {
    const next = this.#kernel.state.segments.length;
    if (seg !== next) throw new CallerError(`${call}: the next segment is ${next}, not ${seg}`);
  }
}

/** The address of a page. */
function at(page: number): number {
  return SEGMENT_BASE + page * PAGE_SIZE;
}
