/* The node of a device special file, of which several may share one common vnode. */
#ifndef SEGMF_SYS_FS_SNODE_H
#define SEGMF_SYS_FS_SNODE_H

#include <sys/vnode.h>

struct snode {
  struct vnode *s_vnode;
  struct vnode *s_commonvp;
  dev_t s_dev;
};

#define VTOS(vp) ((struct snode *)(vp)->v_data)
#define STOV(sp) ((sp)->s_vnode)

/* The device's vnode, held once more. */
struct vnode *specfind(dev_t dev, vtype_t type);

#endif
