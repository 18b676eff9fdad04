/*
 * Assertions. One module serves both kernels: whether an ASSERT is evaluated is asked when it is reached. VERIFY is
 * evaluated on either.
 */
#ifndef SEGMF_SYS_DEBUG_H
#define SEGMF_SYS_DEBUG_H

#include <sys/types.h>

/* Set before the first call and never after. */
extern int segmf_kernel_is_debug;
/* What a failed ASSERT (DEBUG kernels) and a failed VERIFY come to. */
void segmf_assertion_failed(void);
int assfail(const char *text, const char *file, int line);

#define VERIFY(condition) ((void)((condition) || (segmf_assertion_failed(), 0)))
#define ASSERT(condition) ((void)(!segmf_kernel_is_debug || (condition) || (segmf_assertion_failed(), 0)))

#define VERIFY3B(a, op, b) VERIFY((boolean_t)(a) op (boolean_t)(b))
#define VERIFY3S(a, op, b) VERIFY((int64_t)(a) op (int64_t)(b))
#define VERIFY3U(a, op, b) VERIFY((uint64_t)(a) op (uint64_t)(b))
#define VERIFY3P(a, op, b) VERIFY((uintptr_t)(a) op (uintptr_t)(b))
#define VERIFY0(a) VERIFY3U(a, ==, 0)
#define ASSERT3B(a, op, b) ASSERT((boolean_t)(a) op (boolean_t)(b))
#define ASSERT3S(a, op, b) ASSERT((int64_t)(a) op (int64_t)(b))
#define ASSERT3U(a, op, b) ASSERT((uint64_t)(a) op (uint64_t)(b))
#define ASSERT3P(a, op, b) ASSERT((uintptr_t)(a) op (uintptr_t)(b))
#define ASSERT0(a) ASSERT3U(a, ==, 0)
#define ASSERT64(condition) ASSERT(condition)
#define IMPLY(a, b) ASSERT(!(a) || (b))
#define EQUIV(a, b) ASSERT(!(a) == !(b))
#define CTASSERT(condition) _Static_assert(condition, "CTASSERT")

#endif
