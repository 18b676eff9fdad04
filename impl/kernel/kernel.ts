import type {
  AnswerSource,
  KernelCall,
  LockName,
  Machine,
  Outcome,
  PageTable,
  Prot,
  RecordedElement,
  Returned,
  Word,
} from "../driver.js";
import * as space from "./addressspace.js";
import { BlockCells } from "./blockcells.js";
import type { Cells, DriverMemory } from "./cells.js";
import { Footprint } from "./footprint.js";
import * as hat from "./hat.js";
import * as hypervisor from "./hypervisor.js";
import * as kmem from "./kmem.js";
import { forget, segmentOf } from "./machineroom.js";
import * as mutex from "./mutex.js";
import type { DriverOps } from "./ops.js";
import type { OrBreach } from "./panic.js";
import { KernelPanic, PanicReason } from "./panic.js";
import type { View } from "./recorder.js";
import { Recorder } from "./recorder.js";
import type { BlockId, KernelServices, MapElement, UnmapElement } from "./services.js";
import type { KernelState } from "./state.js";
import { NEW_KERNEL, withKmem, withMutexes, withSegments, withVnode, withWaits } from "./state.js";
import * as vnode from "./vnode.js";

/** The parts of a driver that the kernel itself calls. */
export type Bound = Pick<DriverOps, "view" | "free" | "stamp">;

/** Kernel calls that one call of a driver may make: many times what the most thorough driver needs. */
const MOST_CALLS = 1024;
const MOST_CALLS_PER_PAGE = 64;

/** Blocks of memory that one call of a driver may allocate, likewise. */
const MOST_BLOCKS = 256;

/**
 * The strict kernel: plays by contract section 4, records every call, and panics (throws `KernelPanic`) where the real one
 * would. Its whole state is the one immutable value `state`: keep the reference and you have a snapshot, assign it and
 * you have restored it. Used by one driver; the host (`host.ts`) makes the calls and plays the callers' part.
 */
export class Kernel implements KernelServices, DriverMemory {
  readonly machine: Machine;
  readonly debug: boolean;
  readonly maxGrefs: number;
  state: KernelState = NEW_KERNEL;
  /** Whose state the call under way has touched. */
  readonly footprint = new Footprint();

  readonly #recorder = new Recorder();
  #driver: Bound | null = null;
  /** Moments show what is there without its being touched. */
  readonly #view: View = (seg) => {
    const watching = this.footprint.pause();
    const seen = this.#driver?.view(seg) ?? null;
    this.footprint.resume(watching);
    return seen;
  };
  #seg = -1;
  #releasing = false;
  #mapOps = 0;
  #unmapOps = 0;
  /** What the call under way may still do before it is taken for endless. */
  #callsLeft = MOST_CALLS;
  #blocksLeft = MOST_BLOCKS;

  constructor(machine: Machine) {
    this.machine = machine;
    this.debug = machine.kernel === "debug";
    this.maxGrefs = machine.maxGrefs;
  }

  // For the host, and for a driver's binding.

  /** Says whose kernel this is: whom `seg_free` calls, and whose private record moments show. */
  bind(driver: Bound): void {
    this.#driver = driver;
  }

  /** A call of the driver begins. `seg` is the segment under call; `releasing`: it is a `release_grefs`. */
  begin(seg: number, releasing: boolean, answers: AnswerSource): void {
    this.#seg = seg;
    this.#releasing = releasing;
    this.#mapOps = 0;
    this.#unmapOps = 0;
    this.#callsLeft = MOST_CALLS + MOST_CALLS_PER_PAGE * this.machine.pages;
    this.#blocksLeft = MOST_BLOCKS;
    this.#recorder.begin(answers);
    this.footprint.begin();
  }

  /** The call has ended: its return value, or `state.panic`. */
  end(ret: Returned): Outcome {
    return this.#recorder.end(ret, this.state.panic, this.state, this.#view, this.#stamp, this.footprint.end());
  }

  /** Whom memory is allocated for: the segment that is being made, or else the one under call. */
  get allocatesFor(): number {
    const last = this.state.segments.length - 1;
    return this.state.segments[last]?.life === "making" ? last : this.#seg;
  }

  /** Ends the run, because of a rule that was seen to be broken. Also for a binding that watches a driver's memory itself. */
  stop(reason: PanicReason): never {
    this.state = { ...this.state, panic: reason };
    throw KernelPanic.because(reason);
  }

  /** Has the driver free a segment, then forgets it: what `seg_free` does, unrecorded. */
  freeSegment(seg: number): void {
    this.footprint.touch(seg);
    this.#driver?.free(seg);
    this.state = forget(this.state, seg);
  }

  // DriverMemory.

  cells<T>(): Cells<T> {
    return new BlockCells<T>(this);
  }

  attach(seg: number, block: BlockId): void {
    this.footprint.touch(seg);
    const segment = segmentOf(this.state, seg);
    if (segment.life === "freed") this.stop(PanicReason.noAddressSpace);
    if (segment.data !== null) this.stop(PanicReason.attachTwice);
    this.#touchBlock(block);
    const segments = this.state.segments.with(seg, { ...segment, data: block });
    this.state = withSegments(withKmem(this.state, kmem.give(this.state.kmem, block, seg)), segments);
  }

  attached(seg: number): BlockId | null {
    this.footprint.touch(seg);
    return this.state.segments[seg]?.data ?? null;
  }

  // KernelServices.

  panic(_reason: string): never {
    this.#enter({ fn: "panic" });
    this.stop(PanicReason.driver);
  }

  assert(holds: boolean): void {
    if (this.debug && !holds) this.stop(PanicReason.assertion);
  }

  kmem_alloc(bytes: number): BlockId {
    return this.#allocate("kmem_alloc", bytes, false);
  }

  kmem_zalloc(bytes: number): BlockId {
    return this.#allocate("kmem_zalloc", bytes, true);
  }

  kmem_free(block: BlockId, bytes: number): void {
    this.#enter({ fn: "kmem_free", block, bytes });
    this.#touchBlock(block);
    this.state = withKmem(this.state, this.#sure(kmem.free(this.state.kmem, block, bytes)));
  }

  mutex_init(lock: LockName): void {
    this.#enterLock("mutex_init", lock);
    this.#mutexes(mutex.init(this.state.mutexes, lock));
  }

  mutex_destroy(lock: LockName): void {
    this.#enterLock("mutex_destroy", lock);
    this.#mutexes(mutex.destroy(this.state.mutexes, lock));
  }

  mutex_enter(lock: LockName): void {
    this.#enterLock("mutex_enter", lock);
    this.#mutexes(mutex.enter(this.state.mutexes, lock, this.state.waits.length));
  }

  mutex_exit(lock: LockName): void {
    this.#enterLock("mutex_exit", lock);
    this.#mutexes(mutex.exit(this.state.mutexes, lock, this.state.waits.length));
    if (lock.lock === "a_contents" && lock.seg !== null) this.#wait(lock.seg, space.contentsReleased);
  }

  /** Whether the one thread there is holds the mutex: what MUTEX_HELD asks. Not recorded. */
  owns(lock: LockName): boolean {
    this.#touchLock(lock);
    return mutex.isHeld(this.state.mutexes, lock);
  }

  specfind(): void {
    this.#enter({ fn: "specfind" });
    this.state = withVnode(this.state, vnode.hold(this.state.vnode));
  }

  vn_hold(): void {
    this.#enter({ fn: "vn_hold" });
    this.state = withVnode(this.state, vnode.hold(this.state.vnode));
  }

  vn_rele(): void {
    this.#enter({ fn: "vn_rele" });
    this.state = withVnode(this.state, this.#sure(vnode.release(this.state.vnode)));
  }

  vop_addmap(as: number, addr: number, len: number, prot: Prot, maxprot: Prot): number {
    const { first, count } = space.rangeAt(addr, len);
    const call = { fn: "vop_addmap", seg: as, page: first, count, prot, maxprot, rc: null as number | null };
    this.#enter(call);
    this.#table(as);
    call.rc = this.#recorder.ask({ kind: "addmap", seg: as });
    if (call.rc === 0) this.state = withVnode(this.state, vnode.countMapped(this.state.vnode, count));
    return call.rc;
  }

  vop_delmap(as: number, addr: number, len: number, prot: Prot, maxprot: Prot): number {
    const { first, count } = space.rangeAt(addr, len);
    const call = { fn: "vop_delmap", seg: as, page: first, count, prot, maxprot, rc: null as number | null };
    this.#enter(call);
    this.#table(as);
    this.state = withVnode(this.state, this.#sure(vnode.uncountMapped(this.state.vnode, count)));
    call.rc = 0;
    return 0;
  }

  hat_map(as: number, addr: number, len: number): void {
    const { first, count } = space.rangeAt(addr, len);
    this.#enter({ fn: "hat_map", seg: as, page: first, count });
    this.#coveringTable(as, addr, len);
  }

  hat_devload(as: number, addr: number, len: number, lock: boolean): void {
    const range = space.rangeAt(addr, len);
    this.#enter({ fn: "hat_devload", seg: as, page: range.first, count: range.count, lock });
    this.#hat(as, hat.devload(this.#coveringTable(as, addr, len), range, lock));
  }

  hat_unlock(as: number, addr: number, len: number): void {
    const range = space.rangeAt(addr, len);
    this.#enter({ fn: "hat_unlock", seg: as, page: range.first, count: range.count });
    this.#hat(as, hat.unlock(this.#coveringTable(as, addr, len), range));
  }

  hat_unload(as: number, addr: number, len: number, unlock: boolean): void {
    const range = space.rangeAt(addr, len);
    this.#enter({ fn: "hat_unload", seg: as, page: range.first, count: range.count, unlock });
    this.#hat(as, hat.unload(this.#coveringTable(as, addr, len), range, unlock, this.debug));
  }

  update_va_mapping_otherdomain(addr: number, mfn: Word, writable: boolean, domid: number): number {
    const fn = "update_va_mapping_otherdomain";
    const call = { fn, seg: this.#seg, page: space.pageAt(addr), mfn, domid, writable, rc: null as number | null };
    this.#enter(call);
    this.footprint.touch(this.#seg);
    const pte = { kind: "foreign", mfn, domid, writable } as const;
    call.rc = this.#apply(hypervisor.updateVaMapping(this.state, this.#hypercall(0), addr, pte));
    return call.rc;
  }

  map_grant_ref(elements: readonly MapElement[]): number {
    const call = { fn: "map_grant_ref", seg: this.#seg, elements: NO_ELEMENTS, rc: null as number | null };
    this.#enter(call);
    this.footprint.touch(this.#seg);
    const rc = this.#apply(hypervisor.mapGrantRefs(this.state, this.#hypercall(this.#mapOps++), elements));
    call.elements = hypervisor.recordMapped(elements, rc);
    call.rc = rc;
    return rc;
  }

  unmap_grant_ref(elements: readonly UnmapElement[]): number {
    const call = { fn: "unmap_grant_ref", seg: this.#seg, elements: NO_ELEMENTS, rc: null as number | null };
    this.#enter(call);
    for (const { handle } of elements) this.#touchGrant(handle);
    const hypercall = this.#hypercall(this.#unmapOps++);
    const rc = this.#apply(hypervisor.unmapGrantRefs(this.state, hypercall, elements, this.#releasing));
    call.elements = hypervisor.recordUnmapped(elements, rc);
    call.rc = rc;
    return rc;
  }

  as_isunmapwait(as: number): boolean {
    const call = { fn: "as_isunmapwait", seg: as, waiting: null as boolean | null };
    this.#enter(call);
    this.footprint.touch(as);
    call.waiting = (this.state.waits[as] ?? this.stop(PanicReason.noAddressSpace)).flag;
    return call.waiting;
  }

  as_clrunmapwait(as: number): void {
    this.#enter({ fn: "as_clrunmapwait", seg: as });
    this.#wait(as, space.clearFlag);
  }

  cv_broadcast(as: number): void {
    this.#enter({ fn: "cv_broadcast", seg: as });
    const contentsHeld = mutex.isHeld(this.state.mutexes, { lock: "a_contents", seg: as });
    this.#wait(as, (unmapWait) => space.broadcast(unmapWait, contentsHeld));
  }

  seg_free(seg: number): void {
    this.#enter({ fn: "seg_free", seg });
    this.footprint.touch(seg);
    if (segmentOf(this.state, seg).life === "freed") this.stop(PanicReason.freeNoSegment);
    this.freeSegment(seg);
  }

  // The common parts of the above.

  get #stamp(): number {
    return this.#driver?.stamp() ?? 0;
  }

  #enter(call: KernelCall): void {
    if (this.#callsLeft-- === 0) this.stop(PanicReason.hangs);
    this.#recorder.enter(call, this.state, this.#view, this.#stamp);
  }

  #enterLock(fn: string, name: LockName): void {
    const { lock, seg } = name;
    this.#enter(seg === null ? { fn, lock } : { fn, lock, seg });
    this.#touchLock(name);
  }

  /** `freemem_lock` is nobody's; whose any other is without a segment can't be told. */
  #touchLock({ lock, seg }: LockName): void {
    if (seg !== null) this.footprint.touch(seg);
    else if (lock !== "freemem_lock") this.footprint.lose();
  }

  #touchBlock(id: BlockId): void {
    const block = kmem.find(this.state.kmem, id);
    if (block === undefined) this.footprint.lose();
    else this.footprint.touch(block.owner);
  }

  #touchGrant(handle: number): void {
    const grant = this.state.xen.grants.find((live) => live.handle === handle);
    if (grant === undefined) this.footprint.lose();
    else this.footprint.touch(grant.seg);
  }

  #sure<State extends object>(next: OrBreach<State>): State {
    return typeof next === "string" ? this.stop(next) : next;
  }

  #mutexes(next: OrBreach<mutex.Mutexes>): void {
    this.state = withMutexes(this.state, this.#sure(next));
  }

  #allocate(fn: string, bytes: number, zeroed: boolean): BlockId {
    const call = { fn, bytes, block: null as BlockId | null };
    this.#enter(call);
    if (this.#blocksLeft-- === 0) this.stop(PanicReason.memory);
    const block = this.state.kmem.nextBlock;
    const owner = this.allocatesFor;
    this.footprint.touch(owner);
    this.state = withKmem(this.state, this.#sure(kmem.allocate(this.state.kmem, bytes, zeroed, owner)));
    call.block = block;
    return block;
  }

  #table(as: number): PageTable {
    this.footprint.touch(as);
    return this.state.tables[as] ?? this.stop(PanicReason.noAddressSpace);
  }

  #coveringTable(as: number, addr: number, len: number): PageTable {
    const table = this.#table(as);
    const breach = space.breachOfRange(addr, len, table.ptes.length);
    return breach === null ? table : this.stop(breach);
  }

  #hat(as: number, { table, breach }: hat.HatStep): void {
    this.state = hypervisor.withTable(this.state, as, table);
    if (breach !== null) this.stop(breach);
  }

  #hypercall(op: number): hypervisor.Hypercall {
    return { seg: this.#seg, op, ask: (question) => this.#recorder.ask(question) };
  }

  #apply({ state, rc }: hypervisor.HypercallResult): number {
    this.state = state;
    return rc;
  }

  #wait(as: number, change: (unmapWait: space.UnmapWait) => space.UnmapWait): void {
    this.footprint.touch(as);
    const before = this.state.waits[as] ?? this.stop(PanicReason.noAddressSpace);
    const after = change(before);
    if (after !== before) this.state = withWaits(this.state, this.state.waits.with(as, after));
  }
}

const NO_ELEMENTS: readonly RecordedElement[] = [];
