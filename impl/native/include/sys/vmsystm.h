/* The lock over the free-memory counters, which soft-lock counts share. */
#ifndef SEGMF_SYS_VMSYSTM_H
#define SEGMF_SYS_VMSYSTM_H

#include <sys/mutex.h>

extern kmutex_t freemem_lock;

#endif
