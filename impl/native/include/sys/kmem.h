/* Kernel memory. What is not zeroed holds a pattern; no request fails. */
#ifndef SEGMF_SYS_KMEM_H
#define SEGMF_SYS_KMEM_H

#include <sys/types.h>

#define KM_SLEEP 0
#define KM_NOSLEEP 1
#define KM_PUSHPAGE 4

void *kmem_alloc(size_t bytes, int flags);
void *kmem_zalloc(size_t bytes, int flags);
void kmem_free(void *block, size_t bytes);

#endif
