/* Mutexes. The kernel knows one by its address; its bytes mean nothing. */
#ifndef SEGMF_SYS_MUTEX_H
#define SEGMF_SYS_MUTEX_H

#include <sys/types.h>

typedef struct kmutex {
  uint64_t m_opaque;
} kmutex_t;

typedef enum { MUTEX_ADAPTIVE, MUTEX_SPIN, MUTEX_DRIVER, MUTEX_DEFAULT } kmutex_type_t;

void mutex_init(kmutex_t *lock, char *name, kmutex_type_t type, void *arg);
void mutex_destroy(kmutex_t *lock);
void mutex_enter(kmutex_t *lock);
void mutex_exit(kmutex_t *lock);
/* Takes the lock unless it is held; says whether it did. */
int mutex_tryenter(kmutex_t *lock);
int mutex_owned(const kmutex_t *lock);

#define MUTEX_HELD(lock) (mutex_owned(lock))
#define MUTEX_NOT_HELD(lock) (!mutex_owned(lock))

#endif
