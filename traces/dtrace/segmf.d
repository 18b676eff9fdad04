#!/usr/sbin/dtrace -Cqs
/*
 * Logs what a seg_mf driver is called with and what it returns, as segmf-log/1: one JSON object a line, for
 * `segmf validate`. Written for illumos (amd64, dom0); NOT RUN by the project, which has no such machine: see docs/logs.md.
 *
 *	dtrace -Cqs segmf.d -o run.jsonl
 *
 * -C is needed for the macros below, -q so that nothing else is printed. Stop it with Ctrl-C: the last line says that the
 * log is whole. If dtrace says that it dropped records, the log is not: raise bufsize.
 *
 * A segment is known by the address of its struct seg. It is numbered when the call begins that makes it; one that was
 * there before the script is numbered when it is first called, from 0 on, and those that are made afterwards from
 * FIRST on, so that no number is given twice. Numbers end at 65,535. A call that was under way when the script began is not logged, and
 * neither is what it does: begin while no process is in a call. Calls of one segment that another driver owns are logged as
 * calls of the segment; seg_mf refuses them by itself.
 *
 * The kernel's answers are not logged ("answers":"none"): the validator searches for them.
 */

#pragma D option quiet
/* Lines in the order in which they were written, whatever the CPU. Each is written by one clause, so that none is broken in two. */
#pragma D option temporal
#pragma D option strsize=512
#pragma D option bufsize=16m
#pragma D option dynvarsize=16m
#pragma D option switchrate=10hz

/* The number of the first segment that is made while the script runs: more than are there when it begins. */
#define	FIRST		1024

#define	PAGE(seg, addr)	((uint64_t)((uintptr_t)(addr) - (uintptr_t)((struct seg *)(seg))->s_base) >> 12)
#define	PAGES(seg)	(((struct seg *)(seg))->s_size >> 12)
#define	THREAD		((uint32_t)curthread->t_did)
#define	SPACE(seg)	((uint32_t)((uintptr_t)((struct seg *)(seg))->s_as >> 6))

/* What begins the line of every call: the event, thread, address space, size, name and number. */
#define	CALL(name)							\
	printf("{\"event\":\"call\",\"thread\":%u,\"space\":%u,\"pages\":%u,\"call\":\"%s\",\"seg\":%d", \
	    THREAD, SPACE(self->seg), (uint32_t)PAGES(self->seg), name, number[self->seg] - 1)

#define	PROT(p)								\
	((p) == 0 ? "none" : (p) == 1 ? "r" : (p) == 2 ? "w" : (p) == 3 ? "rw" : \
	(p) == 4 ? "x" : (p) == 5 ? "rx" : (p) == 6 ? "wx" : "rwx")

struct segmf_seen_crargs {	/* as <vm/seg_mf.h> has it: the device, then the two protections */
	dev_t	dev;
	uchar_t	prot;
	uchar_t	maxprot;
};

int number[uintptr_t];		/* by struct seg: its number + 1, 0 if it has none yet */
int known;			/* how many of the segments that were there before are numbered */
int made;			/* how many were made while the script runs */

dtrace:::BEGIN
{
	known = 0;
	made = 0;
	printf("{\"format\":\"segmf-log/1\",\"pages\":1,\"start\":\"middle\",\"answers\":\"none\",\"addresses\":\"machine\"}\n");
}

dtrace:::END
{
	printf("{\"event\":\"end\"}\n");
}

/* ---- which segment ---- */

fbt::segmf_create:entry
{
	/* struct seg **, so that a driver might put another one there; seg_mf does not. */
	self->seg = (uintptr_t)*(struct seg **)arg0;
	self->in = 1;
	number[self->seg] = FIRST + made++ + 1;
}

fbt::segmf_dup:entry
{
	self->seg = (uintptr_t)arg0;
	self->child = (uintptr_t)arg1;
	self->in = 1;
	number[self->child] = FIRST + made++ + 1;
}

/* The other entry points; free within unmap is no call of its own. */
fbt::segmf_add_mfns:entry,
fbt::segmf_add_grefs:entry,
fbt::segmf_add_gref_pte:entry,
fbt::segmf_release_grefs:entry,
fbt::segmf_unmap:entry,
fbt::segmf_fault:entry,
fbt::segmf_setprot:entry,
fbt::segmf_checkprot:entry,
fbt::segmf_incore:entry,
fbt::segmf_lockop:entry,
fbt::segmf_getprot:entry,
fbt::segmf_getoffset:entry,
fbt::segmf_gettype:entry,
fbt::segmf_sync:entry,
fbt::segmf_pagelock:entry
/self->in == 0/
{
	/* fault alone has the address space's hat before its segment. */
	self->seg = (uintptr_t)(probefunc == "segmf_fault" ? arg1 : arg0);
	self->in = 1;
}

fbt::segmf_free:entry
/self->in == 0/
{
	self->seg = (uintptr_t)arg0;
	self->in = 1;
	self->frees = 1;
}

fbt::segmf_*:entry
/self->in == 1 && number[self->seg] == 0/
{
	number[self->seg] = ++known;
}

/* ---- the line of the call ---- */

fbt::segmf_create:entry
/self->in == 1/
{
	self->a = (struct segmf_seen_crargs *)arg1;
	CALL("create");
	printf(",\"prot\":\"%s\",\"maxprot\":\"%s\"}\n", PROT(self->a->prot & 7), PROT(self->a->maxprot & 7));
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_dup:entry
/self->in == 1/
{
	CALL("dup");
	printf(",\"into\":%d}\n", number[self->child] - 1);
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_add_mfns:entry
/self->in == 1/
{
	CALL("add_mfns");
	printf(",\"page\":%u,\"count\":%u,\"mfn\":\"0x%x\",\"domid\":%u}\n",
	    (uint32_t)PAGE(arg0, arg1), (uint32_t)arg3, (uint64_t)arg2, (uint32_t)(arg4 & 0xffff));
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_add_gref_pte:entry
/self->in == 1/
{
	CALL("add_gref_pte");
	printf(",\"page\":%u,\"pte_ma\":\"0x%x\"}\n", (uint32_t)PAGE(arg0, arg1), (uint64_t)arg2);
	self->in = 2;
	self->name = probefunc;
}

/*
 * D has no loops, so references are written as 0: which they are makes no difference to any return. More than 16 are
 * refused, however many.
 */
fbt::segmf_add_grefs:entry
/self->in == 1/
{
	CALL("add_grefs");
	self->cnt = (int)(arg4 > 17 ? 17 : arg4);
	printf(",\"page\":%u,\"grefs\":[%s],\"writable\":%s,\"domid\":%u}\n", (uint32_t)PAGE(arg0, arg1),
	    self->cnt == 0 ? "" : substr("0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", 0, 2 * self->cnt - 1),
	    (arg2 & 1) ? "true" : "false", (uint32_t)(arg5 & 0xffff));
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_release_grefs:entry
/self->in == 1/
{
	CALL("release_grefs");
	printf(",\"page\":%u,\"count\":%u}\n", (uint32_t)PAGE(arg0, arg1), (uint32_t)arg2);
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_unmap:entry
/self->in == 1/
{
	CALL("unmap");
	printf(",\"addr\":%d,\"len\":%u}\n",
	    (int64_t)(arg1 - (uintptr_t)((struct seg *)arg0)->s_base), (uint64_t)arg2);
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_free:entry
/self->in == 1/
{
	CALL("free");
	printf("}\n");
	self->in = 2;
	self->name = probefunc;
}

fbt::segmf_fault:entry
/self->in == 1/
{
	CALL("fault");
	printf(",\"page\":%u,\"count\":%u,\"type\":\"%s\",\"rw\":\"%s\"}\n", (uint32_t)PAGE(arg1, arg2), (uint32_t)(arg3 >> 12),
	    arg4 == 0 ? "invalid" : arg4 == 1 ? "prot" : arg4 == 2 ? "softlock" : "softunlock",
	    arg5 == 1 ? "read" : arg5 == 2 ? "write" : arg5 == 3 ? "exec" : "other");
	self->in = 2;
	self->name = probefunc;
}

/* The slots without effect, by page and count. Their names are those of the functions without the first six letters. */
fbt::segmf_setprot:entry,
fbt::segmf_checkprot:entry,
fbt::segmf_incore:entry,
fbt::segmf_lockop:entry,
fbt::segmf_getprot:entry,
fbt::segmf_getoffset:entry,
fbt::segmf_gettype:entry,
fbt::segmf_sync:entry,
fbt::segmf_pagelock:entry
/self->in == 1/
{
	CALL(substr(probefunc, 6));
	self->len = (probefunc == "segmf_getoffset" || probefunc == "segmf_gettype") ? 0 : (uint64_t)arg2;
	printf(",\"page\":%u,\"count\":%u}\n", (uint32_t)PAGE(arg0, arg1), (uint32_t)((self->len + 4095) >> 12));
	self->in = 2;
	self->name = probefunc;
}

/* ---- the line of the return ---- */

fbt::segmf_add_gref_pte:return,
fbt::segmf_free:return
/self->in == 2 && self->name == probefunc/
{
	printf("{\"event\":\"return\",\"thread\":%u,\"ret\":null}\n", THREAD);
	self->in = 4;
}

/* A fault code whose low bits say that an object failed has its errno above them; FC_PROT decodes to EACCES, anything else to EFAULT. */
fbt::segmf_fault:return
/self->in == 2 && self->name == probefunc/
{
	printf("{\"event\":\"return\",\"thread\":%u,\"ret\":%d}\n", THREAD,
	    ((int)arg1 & 0xff) == 3 ? (int)arg1 >> 8 : ((int)arg1 & 0xff) == 4 ? 13 : 14);
	self->in = 4;
}

fbt::segmf_incore:return,
fbt::segmf_getoffset:return
/self->in == 2 && self->name == probefunc/
{
	printf("{\"event\":\"return\",\"thread\":%u,\"ret\":%u}\n", THREAD, (uint64_t)arg1);
	self->in = 4;
}

fbt::segmf_*:return
/self->in == 2 && self->name == probefunc/
{
	printf("{\"event\":\"return\",\"thread\":%u,\"ret\":%d}\n", THREAD, (int)arg1);
	self->in = 4;
}

/* A segment that is gone gives its address back: the next one there is another. */
fbt::segmf_unmap:return
/self->in == 4 && self->name == probefunc && (int)arg1 == 0/
{
	number[self->seg] = 0;
}

fbt::segmf_free:return
/self->in == 4 && self->frees == 1/
{
	number[self->seg] = 0;
}

fbt::segmf_*:return
/self->in == 4 && self->name == probefunc/
{
	self->in = 0;
	self->seg = 0;
	self->child = 0;
	self->name = 0;
	self->frees = 0;
	self->cnt = 0;
	self->len = 0;
	self->a = 0;
}
