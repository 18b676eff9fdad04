/* Remarks to checking tools. */
#ifndef SEGMF_SYS_NOTE_H
#define SEGMF_SYS_NOTE_H

#define _NOTE(remark)
#define NOTE(remark)

#endif
