/* Fault codes: a kind in the low byte; an object error has its errno above it. */
#ifndef SEGMF_VM_FAULTCODE_H
#define SEGMF_VM_FAULTCODE_H

typedef int faultcode_t;

#define FC_HWERR 1
#define FC_ALIGN 2
#define FC_NOMAP 3
#define FC_NOSUPPORT 4
#define FC_PROT 5
#define FC_OBJERR 6

#define FC_CODE(code) ((code) & 0xff)
#define FC_ERRNO(code) ((int)((unsigned int)(code) >> 8))
#define FC_MAKE_ERR(error) ((faultcode_t)(((error) << 8) | FC_OBJERR))

/* An object error is its errno, FC_PROT is EACCES, whatever else is EFAULT. */
int fc_decode(faultcode_t code);

#endif
