/*
 * The checks on memory. The compiler has the driver call them before every load and store (its kernel address
 * sanitizer, every check out of line); the kernel's own copying functions call them too. This file itself is compiled
 * without them.
 *
 * A store that is not wholly inside one live block, a live segment, the arguments, the stack or static data never
 * happens: the kernel panics. A load outside them is allowed, since the real kernel would read whatever lies there:
 * it reads the pattern of dead memory, which is written there just before. Only where the real kernel would have no
 * memory at all it is a trap.
 *
 * What is read and written is noted, by whose it is: in the zone of the block, or in the segment. The stack, the arguments
 * and static data are nobody's. What lies around a live block, within its zone, says nothing but where the block ends: to
 * read or write there touches the block. Anything else is lost.
 */
#include <runtime/memory.h>

#define IMPORT(name) __attribute__((import_module("kernel"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

IMPORT(out_of_fuel) void host_out_of_fuel(void);
IMPORT(store_outside) void host_store_outside(uint32_t at);

extern char __global_base, __data_end;

#define DEAD 0xdeadbeefu

static inline int within(uint32_t at, uint32_t bytes, uint32_t low, uint32_t high) {
  return at >= low && at < high && bytes <= high - at;
}

static inline struct zone *zone_of(uint32_t at) {
  uint32_t number = (at - ZONES) / ZONE_BYTES;
  return at >= ZONES && number < ZONE_COUNT ? &CONTROL->zones[number] : (struct zone *)0;
}

/* Says that the call under way has touched what is nobody's to touch. */
static void lose(void) { CONTROL->lost = CONTROL->call; }

/* Does this lie inside the first `size` bytes of the kernel's structures of one segment? Then the segment is touched. */
static int in_segment(uint32_t at, uint32_t bytes, uint32_t size, int live) {
  uint32_t number = (at - SEGMENTS) / SEGMENT_BYTES;
  if (at < SEGMENTS || number >= CONTROL->segments)
    return 0;
  uint32_t low = SEGMENTS + number * SEGMENT_BYTES;
  struct system_segment *segment = SYSTEM_SEGMENT(number);
  if ((live && !segment->live) || !within(at, bytes, low, low + size))
    return 0;
  segment->touched = CONTROL->call;
  return 1;
}

/* Does this lie inside a live block? Then the block is touched. */
static inline int in_block(struct zone *zone, uint32_t at, uint32_t bytes) {
  if (!within(at, bytes, zone->low, zone->high))
    return 0;
  zone->touched = CONTROL->call;
  return 1;
}

/* Notes what is read or written outside all that there is: by whose it is if it lies around a live block, else as lost. */
static void touch_outside(struct zone *zone, uint32_t at, uint32_t bytes) {
  if (zone && zone->high && bytes <= ZONE_BYTES - (at - ZONES) % ZONE_BYTES)
    zone->touched = CONTROL->call;
  else
    lose();
}

static inline int in_static_data(uint32_t at, uint32_t bytes) {
  return within(at, bytes, (uint32_t)(uintptr_t)&__global_base, (uint32_t)(uintptr_t)&__data_end);
}

/* A call that never ends would end nobody's run: one that is out of fuel does not end. */
static inline void burn(void) {
  if (CONTROL->fuel-- == 0) {
    host_out_of_fuel();
    __builtin_trap();
  }
}

/* The compiler has the driver call it on every way from one piece of straight code to another. */
void __sanitizer_cov_trace_pc(void) { burn(); }

static void check_store(uint32_t at, uint32_t bytes) {
  burn();
  if (within(at, bytes, STACK_LOW, STACK_HIGH))
    return;
  struct zone *zone = zone_of(at);
  if (zone ? in_block(zone, at, bytes) : in_segment(at, bytes, sizeof(struct seg), 1)) {
    CONTROL->heap_stores++;
    return;
  }
  if (in_static_data(at, bytes)) {
    CONTROL->static_stores++;
    return;
  }
  if (within(at, bytes, SCRATCH, SCRATCH + CONTROL->scratch_bytes))
    return;
  touch_outside(zone, at, bytes);
  host_store_outside(at);
  __builtin_trap();
}

/* Is there memory at all, and if so, is it live? */
enum liveness { NOTHING, ALIVE, GONE };

static enum liveness liveness_of(uint32_t at) {
  if (at < STACK_LOW)
    return NOTHING;
  struct zone *zone = zone_of(at);
  if (zone) {
    if (zone->high)
      return at >= zone->low && at < zone->high ? ALIVE : GONE;
    uint32_t number = (uint32_t)(zone - CONTROL->zones);
    return number / ZONES_PER_SEGMENT < CONTROL->segments ? GONE : NOTHING;
  }
  if (at >= ZONES)
    return NOTHING;
  return at >= SCRATCH && at >= SCRATCH + CONTROL->scratch_bytes ? GONE : ALIVE;
}

static void load_byte(uint32_t at) {
  switch (liveness_of(at)) {
  case ALIVE:
    return;
  case GONE:
    *(uint8_t *)(uintptr_t)at = (uint8_t)(DEAD >> (8 * (at & 3)));
    return;
  case NOTHING:
    __builtin_trap();
  }
}

static void check_load(uint32_t at, uint32_t bytes) {
  burn();
  if (within(at, bytes, STACK_LOW, SYSTEM))
    return;
  struct zone *zone = zone_of(at);
  if (zone && in_block(zone, at, bytes))
    return;
  if (within(at, bytes, SYSTEM, SCRATCH)) {
    if (!in_segment(at, bytes, sizeof(struct system_segment), 0))
      lose();
    return;
  }
  if (within(at, bytes, SCRATCH, SCRATCH + CONTROL->scratch_bytes))
    return;
  touch_outside(zone, at, bytes);
  if (bytes > 0xffffffffu - at)
    __builtin_trap();
  for (uint32_t i = 0; i < bytes; i++)
    load_byte(at + i);
}

#define CHECKS(bytes) \
  void __asan_load##bytes(uint32_t at) { check_load(at, bytes); } \
  void __asan_store##bytes(uint32_t at) { check_store(at, bytes); }
CHECKS(1)
CHECKS(2)
CHECKS(4)
CHECKS(8)
CHECKS(16)
void __asan_loadN(uint32_t at, uint32_t bytes) { check_load(at, bytes); }
void __asan_storeN(uint32_t at, uint32_t bytes) { check_store(at, bytes); }
void __asan_handle_no_return(void) {}

/* The kernel's copying functions, and what the compiler makes of a struct assignment. */

static void *copy(void *to, const void *from, size_t bytes) {
  if (bytes != 0) {
    check_load((uint32_t)(uintptr_t)from, bytes);
    check_store((uint32_t)(uintptr_t)to, bytes);
    __builtin_memmove(to, from, bytes);
  }
  return to;
}

static void *set(void *at, int byte, size_t bytes) {
  if (bytes != 0) {
    check_store((uint32_t)(uintptr_t)at, bytes);
    __builtin_memset(at, byte, bytes);
  }
  return at;
}

static int compare(const void *a, const void *b, size_t bytes) {
  const uint8_t *left = a, *right = b;
  if (bytes != 0) {
    check_load((uint32_t)(uintptr_t)a, bytes);
    check_load((uint32_t)(uintptr_t)b, bytes);
  }
  for (size_t i = 0; i < bytes; i++)
    if (left[i] != right[i])
      return left[i] < right[i] ? -1 : 1;
  return 0;
}

void *__asan_memcpy(void *to, const void *from, size_t bytes) { return copy(to, from, bytes); }
void *__asan_memmove(void *to, const void *from, size_t bytes) { return copy(to, from, bytes); }
void *__asan_memset(void *at, int byte, size_t bytes) { return set(at, byte, bytes); }
void *memcpy(void *to, const void *from, size_t bytes) { return copy(to, from, bytes); }
void *memmove(void *to, const void *from, size_t bytes) { return copy(to, from, bytes); }
void *memset(void *at, int byte, size_t bytes) { return set(at, byte, bytes); }
int memcmp(const void *a, const void *b, size_t bytes) { return compare(a, b, bytes); }
void bcopy(const void *from, void *to, size_t bytes) { copy(to, from, bytes); }
void ovbcopy(const void *from, void *to, size_t bytes) { copy(to, from, bytes); }
void bzero(void *at, size_t bytes) { set(at, 0, bytes); }
int bcmp(const void *a, const void *b, size_t bytes) { return compare(a, b, bytes) != 0; }

/* Checks that the host makes on the driver's behalf: elements of a hypercall that are to be read or written. */
EXPORT(check_load) void export_check_load(uint32_t at, uint32_t bytes) {
  if (bytes != 0)
    check_load(at, bytes);
}
EXPORT(check_store) void export_check_store(uint32_t at, uint32_t bytes) {
  if (bytes != 0)
    check_store(at, bytes);
}
