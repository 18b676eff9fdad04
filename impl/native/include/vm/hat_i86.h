/* The x86 side of the translation layer: nothing beyond its entries. */
#ifndef SEGMF_VM_HAT_I86_H
#define SEGMF_VM_HAT_I86_H

#include <vm/hat.h>
#include <vm/hat_pte.h>

#endif
