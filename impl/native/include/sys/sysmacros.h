/* Small arithmetic helpers. */
#ifndef SEGMF_SYS_SYSMACROS_H
#define SEGMF_SYS_SYSMACROS_H

#include <sys/param.h>

#ifndef MIN
#define MIN(a, b) ((b) < (a) ? (b) : (a))
#endif
#ifndef MAX
#define MAX(a, b) ((a) < (b) ? (b) : (a))
#endif
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Alignment to a power of two. */
#define P2PHASE(x, align) ((x) & ((align)-1))
#define P2ALIGN(x, align) ((x) & -(align))
#define P2ROUNDUP(x, align) (-(-(x) & -(align)))
#define IS_P2ALIGNED(value, align) ((((uintptr_t)(value)) & ((uintptr_t)(align)-1)) == 0)

#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif

#endif
