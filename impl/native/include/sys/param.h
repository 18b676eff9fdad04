/* Page arithmetic. A page is 4096 bytes. */
#ifndef SEGMF_SYS_PARAM_H
#define SEGMF_SYS_PARAM_H

#include <sys/types.h>

#define PAGESHIFT 12
#define PAGESIZE 4096UL
#define PAGEOFFSET (PAGESIZE - 1)
#define PAGEMASK (~PAGEOFFSET)

#define MMU_PAGESHIFT PAGESHIFT
#define MMU_PAGESIZE PAGESIZE
#define MMU_PAGEOFFSET PAGEOFFSET
#define MMU_PAGEMASK PAGEMASK

/* Bytes to whole pages (rounded down, rounded up), and back. */
#define btop(bytes) ((size_t)(bytes) >> PAGESHIFT)
#define btopr(bytes) (((size_t)(bytes) + PAGEOFFSET) >> PAGESHIFT)
#define ptob(pages) ((pages) << PAGESHIFT)
#define mmu_btop(bytes) ((bytes) >> MMU_PAGESHIFT)
#define mmu_btopr(bytes) (((bytes) + MMU_PAGEOFFSET) >> MMU_PAGESHIFT)
#define mmu_ptob(pages) ((pages) << MMU_PAGESHIFT)

#endif
