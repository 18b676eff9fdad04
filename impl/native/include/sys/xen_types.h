/* The hypervisor's words, and the elements of its grant-table operations. */
#ifndef SEGMF_SYS_XEN_TYPES_H
#define SEGMF_SYS_XEN_TYPES_H

#include <sys/types.h>

typedef uint16_t domid_t;
typedef uint64_t mfn_t;
typedef uint64_t maddr_t;
typedef uint32_t grant_ref_t;
typedef uint32_t grant_handle_t;

#define DOMID_FIRST_RESERVED 0x7ff0
#define DOMID_SELF 0x7ff0
#define DOMID_IO 0x7ff1
#define DOMID_XEN 0x7ff2

/* How an address is flushed when its entry is replaced. */
#define UVMF_NONE 0
#define UVMF_TLB_FLUSH 1
#define UVMF_INVLPG 2
#define UVMF_LOCAL 0
#define UVMF_ALL 4

#define GNTTABOP_map_grant_ref 0
#define GNTTABOP_unmap_grant_ref 1

#define GNTMAP_device_map 0x01
#define GNTMAP_host_map 0x02
#define GNTMAP_readonly 0x04
#define GNTMAP_application_map 0x08
#define GNTMAP_contains_pte 0x10

#define GNTST_okay 0
#define GNTST_general_error (-1)
#define GNTST_bad_domain (-2)
#define GNTST_bad_gntref (-3)
#define GNTST_bad_handle (-4)
#define GNTST_bad_virt_addr (-5)
#define GNTST_bad_dev_addr (-6)
#define GNTST_no_device_space (-7)
#define GNTST_permission_denied (-8)
#define GNTST_bad_page (-9)
#define GNTST_eagain (-12)

typedef struct gnttab_map_grant_ref {
  uint64_t host_addr;
  uint32_t flags;
  grant_ref_t ref;
  domid_t dom;
  int16_t status; /* written by the hypervisor */
  grant_handle_t handle; /* written by the hypervisor where the status is okay */
  uint64_t dev_bus_addr; /* written by the hypervisor for device maps */
} gnttab_map_grant_ref_t;

typedef struct gnttab_unmap_grant_ref {
  uint64_t host_addr;
  uint64_t dev_bus_addr;
  grant_handle_t handle;
  int16_t status; /* written by the hypervisor */
} gnttab_unmap_grant_ref_t;

#endif
