/*
 * The basic types that kernel code takes for granted. Machine words that the hypervisor knows are 64 bits wide, as on
 * LP64; pointers, sizes and counts are those of wasm32.
 */
#ifndef SEGMF_SYS_TYPES_H
#define SEGMF_SYS_TYPES_H

typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ssize_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

typedef unsigned char uchar_t;
typedef unsigned short ushort_t;
typedef unsigned int uint_t;
typedef unsigned long ulong_t;
typedef long long longlong_t;
typedef unsigned long long u_longlong_t;

typedef char *caddr_t;
typedef long long offset_t;
typedef unsigned long long u_offset_t;
typedef ulong_t pgcnt_t;
typedef ulong_t pfn_t;
typedef ulong_t dev_t;
typedef int id_t;
typedef id_t zoneid_t;

typedef enum { B_FALSE, B_TRUE } boolean_t;

#ifndef NULL
#define NULL ((void *)0)
#endif

#endif
