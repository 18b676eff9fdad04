/* Physical pages, which a segment of foreign frames has none of. */
#ifndef SEGMF_VM_PAGE_H
#define SEGMF_VM_PAGE_H

#include <sys/param.h>
#include <sys/vmsystm.h>

typedef struct page page_t;

#endif
