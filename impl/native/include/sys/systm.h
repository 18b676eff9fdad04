/* What every kernel file uses: memory copies, panic, a message to the user. */
#ifndef SEGMF_SYS_SYSTM_H
#define SEGMF_SYS_SYSTM_H

#include <sys/types.h>
#include <sys/param.h>
#include <sys/sysmacros.h>
#include <sys/cred.h>

void bcopy(const void *from, void *to, size_t bytes);
void ovbcopy(const void *from, void *to, size_t bytes);
void bzero(void *at, size_t bytes);
int bcmp(const void *a, const void *b, size_t bytes);
void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *at, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

void panic(const char *format, ...) __attribute__((noreturn));
void uprintf(const char *format, ...);
void printf(const char *format, ...);

#endif
