/* Error numbers, as illumos numbers them. */
#ifndef SEGMF_SYS_ERRNO_H
#define SEGMF_SYS_ERRNO_H

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSPC 28
#define ERANGE 34
#define ENOTSUP 48
#define ENOSYS 89
#define EOVERFLOW 79
#define EALREADY 149

#endif
