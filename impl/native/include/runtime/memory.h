/*
 * Where things are in linear memory. Every address comes from memory-map.ts as a definition on the command line:
 *
 *   0           guard: a null pointer, a stack that ran over
 *   STACK_LOW   the stack, up to STACK_HIGH
 *   STACK_HIGH  the driver's static data and that of this runtime
 *   SYSTEM      struct control, then a struct system_segment for each segment
 *   SCRATCH     arguments that the driver is given pointers to, control.scratch_bytes of them
 *   ZONES       one zone for each block of kernel memory, ZONE_BYTES apart, so that no index out of range of one block
 *               reaches another
 */
#ifndef SEGMF_RUNTIME_MEMORY_H
#define SEGMF_RUNTIME_MEMORY_H

#include <sys/types.h>
#include <vm/as.h>
#include <vm/hat.h>
#include <vm/seg.h>

/*
 * A live block of kernel memory: the bytes from `low` up to `high`. A zone without one has both 0. `touched` is the number
 * of the last call that read or wrote it.
 */
struct zone {
  uint32_t low;
  uint32_t high;
  uint32_t touched;
};

/* What the host and the checks on memory tell each other. */
struct control {
  uint32_t heap_stores;   /* counts stores to kernel memory and to segments */
  uint32_t static_stores; /* counts stores to static data */
  uint32_t fuel;          /* checks on memory and branches that are left to this call */
  uint32_t scratch_bytes;
  uint32_t segments; /* how many ever came to be */
  uint32_t call;     /* the number of the call under way */
  uint32_t lost;     /* the number of the last call that read or wrote what is nobody's to read or write */
  struct zone zones[ZONE_COUNT];
};

/* The kernel's structures of one segment. The driver may write to `seg` while it is live, and to nothing else. */
struct system_segment {
  struct seg seg;
  uint32_t live;
  uint32_t touched; /* as with a zone */
  struct as as;
  struct hat hat;
};

#define CONTROL ((struct control *)SYSTEM)
#define SEGMENTS (SYSTEM + CONTROL_BYTES)
#define SYSTEM_SEGMENT(number) ((struct system_segment *)(SEGMENTS + (number) * SEGMENT_BYTES))

#endif
