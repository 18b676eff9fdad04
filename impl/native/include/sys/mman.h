/* Protections, kinds of mapping, and what may be advised or asked of one. */
#ifndef SEGMF_SYS_MMAN_H
#define SEGMF_SYS_MMAN_H

#include <sys/types.h>

#define PROT_NONE 0
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define PROT_USER 8
#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_USER)

#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_NORESERVE 0x40

#define MADV_NORMAL 0
#define MADV_RANDOM 1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED 3
#define MADV_DONTNEED 4

#define MS_ASYNC 1
#define MS_INVALIDATE 2
#define MS_SYNC 4

#define MC_SYNC 1
#define MC_LOCK 2
#define MC_UNLOCK 3

#endif
