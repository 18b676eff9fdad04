/* Driver interface: nothing beyond the common parts. */
#ifndef SEGMF_SYS_DDI_H
#define SEGMF_SYS_DDI_H

#include <sys/systm.h>

#endif
