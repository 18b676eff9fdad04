/* Driver interface: nothing beyond the common parts. */
#ifndef SEGMF_SYS_SUNDDI_H
#define SEGMF_SYS_SUNDDI_H

#include <sys/systm.h>

#define DDI_SUCCESS 0
#define DDI_FAILURE (-1)

#endif
