/* The language's own truth values. */
#ifndef SEGMF_SYS_STDBOOL_H
#define SEGMF_SYS_STDBOOL_H

#define bool _Bool
#define true 1
#define false 0

#endif
