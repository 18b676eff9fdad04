/* Atomic arithmetic. There is one processor, so plain arithmetic is atomic. */
#ifndef SEGMF_SYS_ATOMIC_H
#define SEGMF_SYS_ATOMIC_H

#include <sys/types.h>

static inline void atomic_inc_32(volatile uint32_t *at) { *at += 1; }
static inline void atomic_dec_32(volatile uint32_t *at) { *at -= 1; }
static inline void atomic_inc_ulong(volatile ulong_t *at) { *at += 1; }
static inline void atomic_dec_ulong(volatile ulong_t *at) { *at -= 1; }
static inline void atomic_add_long(volatile ulong_t *at, long by) { *at += (ulong_t)by; }
static inline ulong_t atomic_inc_ulong_nv(volatile ulong_t *at) { return (*at += 1); }
static inline ulong_t atomic_dec_ulong_nv(volatile ulong_t *at) { return (*at -= 1); }
static inline ulong_t atomic_add_long_nv(volatile ulong_t *at, long by) { return (*at += (ulong_t)by); }
static inline uint32_t atomic_inc_32_nv(volatile uint32_t *at) { return (*at += 1); }
static inline uint32_t atomic_dec_32_nv(volatile uint32_t *at) { return (*at -= 1); }

static inline void membar_producer(void) {}
static inline void membar_consumer(void) {}
static inline void membar_enter(void) {}
static inline void membar_exit(void) {}

#endif
