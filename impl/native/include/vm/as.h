/* Address spaces, each with one segment in it. Whether somebody waits for an unmap is asked of the kernel. */
#ifndef SEGMF_VM_AS_H
#define SEGMF_VM_AS_H

#include <sys/types.h>
#include <sys/mutex.h>
#include <sys/condvar.h>
#include <vm/hat.h>

struct as {
  struct hat *a_hat;
  kmutex_t a_contents;
  kcondvar_t a_cv;
};

int as_isunmapwait(struct as *as);
void as_clrunmapwait(struct as *as);

#define AS_ISUNMAPWAIT(as) (as_isunmapwait(as))
#define AS_CLRUNMAPWAIT(as) (as_clrunmapwait(as))

/* Callers hold the address space's own lock as they should. */
#define AS_LOCK_HELD(as) 1
#define AS_WRITE_HELD(as) 1
#define AS_READ_HELD(as) 1

#endif
