/* vnodes: found by device, held, and told how much of them is mapped. */
#ifndef SEGMF_SYS_VNODE_H
#define SEGMF_SYS_VNODE_H

#include <sys/types.h>
#include <sys/cred.h>

struct as;

typedef enum vtype { VNON, VREG, VDIR, VBLK, VCHR, VLNK, VFIFO, VDOOR, VPROC, VSOCK, VPORT, VBAD } vtype_t;

typedef struct vnode {
  enum vtype v_type;
  void *v_data;
} vnode_t;

typedef struct caller_context caller_context_t;

void vn_hold(struct vnode *vp);
void vn_rele(struct vnode *vp);
int fop_addmap(struct vnode *vp, offset_t off, struct as *as, caddr_t addr, size_t len, uchar_t prot, uchar_t maxprot,
               uint_t flags, cred_t *cred, caller_context_t *context);
int fop_delmap(struct vnode *vp, offset_t off, struct as *as, caddr_t addr, size_t len, uint_t prot, uint_t maxprot,
               uint_t flags, cred_t *cred, caller_context_t *context);

#define VN_HOLD(vp) vn_hold(vp)
#define VN_RELE(vp) vn_rele(vp)
#define VOP_ADDMAP fop_addmap
#define VOP_DELMAP fop_delmap

#endif
