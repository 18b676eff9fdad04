/* Device switch tables: a segment driver needs none of it. */
#ifndef SEGMF_SYS_CONF_H
#define SEGMF_SYS_CONF_H

#include <sys/types.h>

#define NODEV ((dev_t)-1)

#endif
