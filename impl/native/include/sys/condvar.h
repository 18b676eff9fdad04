/* Condition variables, as far as a segment driver wakes somebody. */
#ifndef SEGMF_SYS_CONDVAR_H
#define SEGMF_SYS_CONDVAR_H

#include <sys/mutex.h>

typedef struct kcondvar {
  ushort_t cv_opaque;
} kcondvar_t;

void cv_broadcast(kcondvar_t *cv);

#endif
