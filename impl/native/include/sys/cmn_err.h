/* Messages of the kernel. Only the level that panics has an effect here. */
#ifndef SEGMF_SYS_CMN_ERR_H
#define SEGMF_SYS_CMN_ERR_H

#include <sys/types.h>

#define CE_CONT 0
#define CE_NOTE 1
#define CE_WARN 2
#define CE_PANIC 3
#define CE_IGNORE 4

void cmn_err(int level, const char *format, ...);
void panic(const char *format, ...) __attribute__((noreturn));

#endif
