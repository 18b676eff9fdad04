/**
 * Every reason for which the kernel ends a run, in one place. A reason names the rule that was broken, not the source
 * line that broke it (decision D10), so that the same breach by two drivers is the same string.
 */
export const PanicReason = {
  assertion: "assertion failed",
  /** The driver itself called `panic`: its own words are its own affair. */
  driver: "driver panic",
  /** The driver stumbled in a way that the processor notices: a trap. For drivers that are machine code. */
  trap: "bad trap",
  /** A call does far more than any call has to do. A real one would go on for ever. */
  hangs: "the call does not end",
  stack: "the stack ran over",
  /** A call allocates far more than any call has to. The real kernel would wait for memory for ever. */
  memory: "the call takes all kernel memory",
  noAddressSpace: "no such address space",

  writeOutside: "write outside an allocation",
  badSize: "kmem_alloc: bad size",
  freeNoBlock: "kmem_free: no such block",
  freeOtherSize: "kmem_free: another size than was allocated",

  mutexNotInitialised: "mutex: not initialised",
  mutexInitialisedTwice: "mutex_init: already initialised",
  mutexNotYours: "mutex: initialised and destroyed by the kernel only",
  mutexRecursion: "mutex_enter: recursive",
  mutexNotOwner: "mutex_exit: not the owner",
  mutexDestroyHeld: "mutex_destroy: held",

  vnodeNoHold: "vn_rele: no hold to drop",
  vnodeNotMapped: "vop_delmap: more pages than are mapped",

  hatMisaligned: "hat: range not page-aligned",
  hatOutside: "hat: range outside the segment",
  devloadRemap: "hat_devload: a different frame over a valid PTE",
  unlockNoLock: "hat_unlock: no lock to drop",
  unloadNoLock: "hat_unload: no lock to drop",
  callersNoLock: "callers: no lock to drop",

  freeNoSegment: "seg_free: no such segment",
  attachTwice: "segment has data already",
} as const;

export type PanicReason = (typeof PanicReason)[keyof typeof PanicReason];

/** What a rule makes of a state: the next one, or the reason why the kernel panics instead. */
export type OrBreach<State extends object> = State | PanicReason;

/**
 * Ends the run of a driver. Thrown by the kernel's functions, so it unwinds the driver; the host turns it into the
 * outcome's `panic`. The kernel's state stays as it was at that moment.
 */
export class KernelPanic extends Error {
  readonly reason: PanicReason;
  static readonly #known = new Map<PanicReason, KernelPanic>();

  /** One error a reason: nobody looks at where it was thrown, and to find that out takes longer than most calls. */
  static because(reason: PanicReason): KernelPanic {
    let panic = KernelPanic.#known.get(reason);
    if (panic === undefined) {
      panic = new KernelPanic(reason);
      KernelPanic.#known.set(reason, panic);
    }
    return panic;
  }

  private constructor(reason: PanicReason) {
    super(reason);
    this.name = "KernelPanic";
    this.reason = reason;
  }
}
