/* Tracing probes. Nobody traces. */
#ifndef SEGMF_SYS_SDT_H
#define SEGMF_SYS_SDT_H

#define DTRACE_PROBE(name)
#define DTRACE_PROBE1(name, ...)
#define DTRACE_PROBE2(name, ...)
#define DTRACE_PROBE3(name, ...)
#define DTRACE_PROBE4(name, ...)

#endif
