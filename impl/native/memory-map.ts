/**
 * Where things are in a driver's linear memory: the one source of the addresses that the C files (`include/runtime/memory.h`)
 * and the host share.
 */
const KIB = 1024;
const MIB = 1024 * KIB;

export const MEMORY_PAGE_BYTES = 64 * KIB;

/** Below it is a guard: a null pointer, or a stack that ran over. */
const STACK_LOW = 4 * KIB;
/** What a driver's frames take besides its arrays of hypercall elements, which grow with SEGMF_MAX_GREFS. */
const STACK_FRAME_BYTES = 4 * KIB;
const STACK_BYTES_PER_REF = 128;

/** `struct control`, then a `struct system_segment` for each segment. */
export const SYSTEM = 512 * KIB;
const CONTROL_BYTES = 16 * KIB;
export const SEGMENTS = SYSTEM + CONTROL_BYTES;
export const SEGMENT_BYTES = 64;

/** Arguments that the driver is given pointers to. */
export const SCRATCH = 1 * MIB;
export const SCRATCH_BYTES = 1 * MIB;

/**
 * Blocks of kernel memory lie in zones of their own, some for each segment. A page number of 65,535 and a count of as
 * much reach 4 MiB beyond a map of 32-byte cells: still the same zone, so a wild index never meets another block.
 */
export const ZONES = SCRATCH + SCRATCH_BYTES;
export const ZONE_BYTES = 4.5 * MIB;
export const ZONE_COUNT = Math.floor((4096 * MIB - ZONES) / ZONE_BYTES);
export const ZONES_PER_SEGMENT = 4;
export const MAX_SEGMENTS = Math.floor(ZONE_COUNT / ZONES_PER_SEGMENT);

/** `struct control`, as offsets in 32-bit words. */
export const CONTROL = {
  heapStores: 0,
  staticStores: 1,
  fuel: 2,
  scratchBytes: 3,
  segments: 4,
  call: 5,
  lost: 6,
  zones: 7,
} as const;

/** `struct zone`, likewise. */
export const ZONE = { low: 0, high: 1, touched: 2, words: 3 } as const;

/**
 * Checks on memory and pieces of straight code that one call may need before it is taken for endless: many times what any
 * sensible call takes (some twenty accesses a page, also where a count of 65,535 is beyond the segment).
 */
export function fuelFor(pages: number): number {
  return (1 << 22) + (1 << 10) * pages;
}

export interface Stack {
  readonly low: number;
  readonly high: number;
}

/** The stack of a driver that was compiled for `maxGrefs` references a call. Static data begins where it ends. */
export function stackFor(maxGrefs: number): Stack {
  const bytes = STACK_FRAME_BYTES + STACK_BYTES_PER_REF * maxGrefs;
  return { low: STACK_LOW, high: STACK_LOW + Math.ceil(bytes / KIB) * KIB };
}

/** The same for the C files, as definitions on the compiler's command line. */
export function definitions(maxGrefs: number): readonly string[] {
  const { low, high } = stackFor(maxGrefs);
  const values = {
    SEGMF_MAX_GREFS: maxGrefs,
    STACK_LOW: low,
    STACK_HIGH: high,
    SYSTEM,
    CONTROL_BYTES,
    SEGMENT_BYTES,
    SCRATCH,
    ZONES,
    ZONE_BYTES,
    ZONE_COUNT,
    ZONES_PER_SEGMENT,
  };
  return Object.entries(values).map(([name, value]) => `-D${name}=${value}`);
}
