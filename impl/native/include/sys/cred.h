/* Credentials: there is one set, and nobody looks into it. */
#ifndef SEGMF_SYS_CRED_H
#define SEGMF_SYS_CRED_H

typedef struct cred cred_t;

#define CRED() ((cred_t *)0)
#define kcred ((cred_t *)0)

#endif
