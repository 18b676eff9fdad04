/* Memory placement policy, of which there is none. */
#ifndef SEGMF_SYS_LGRP_H
#define SEGMF_SYS_LGRP_H

typedef struct lgrp_mem_policy_info lgrp_mem_policy_info_t;

#endif
