import test from "ava";
import fc from "fast-check";
import { EXAMPLE, traceArbitrary, traceOf } from "../trace/testkit.js";
import { diagramType } from "./testkit.js";
import { writeMermaid } from "./write.js";

test("who calls whom, with what, and what comes back", (t) => {
  const { run, ...trace } = traceOf({ pages: 4, steps: EXAMPLE.steps.slice(0, 2) });
  const [first, second] = run.steps;
  if (first === undefined || second === undefined) return t.fail();
  const violations = [{ invariant: "wake", detail: 'a "b"; #c\n%% d' }];
  t.is(
    writeMermaid({ ...trace, run: { ...run, steps: [first, { ...second, violations }] } }),
    `%% written by segmf as segmf-mermaid/1
sequenceDiagram
  participant caller as Caller
  participant driver as Driver (illumos, release kernel)
  participant hat as HAT
  participant xen as Xen
  caller->>driver: 1. create(seg 0, prot rw, maxprot rwx)
  driver->>hat: hat_map(seg 0, page 0, count 4)
  driver-->>caller: 0
  caller->>driver: 2. add_mfns(seg 0, page 1, count 2, mfn 0x100, domid 7) with update_va_mapping [0, -22]
  driver->>hat: hat_devload(seg 0, page 1, count 1, lock true)
  driver->>xen: update_va_mapping_otherdomain(seg 0, page 1, mfn 0x100, domid 7, writable true)
  xen-->>driver: 0
  driver->>hat: hat_devload(seg 0, page 2, count 1, lock true)
  driver->>xen: update_va_mapping_otherdomain(seg 0, page 2, mfn 0x101, domid 7, writable true)
  xen-->>driver: -22
  driver->>hat: hat_unload(seg 0, page 2, count 1, unlock true)
  driver->>hat: hat_unlock(seg 0, page 1, count 1)
  driver-->>caller: 14
  note over caller,driver: wake: a #34;b#34;#59; #35;c#10;#37;#37; d
`,
  );
});

const LINE =
  /^(?: {2}(?:caller|driver|hat|xen)--?>>(?:caller|driver|hat|xen)| {2}note over (?:caller,driver|driver,xen)): (?:[A-Za-z0-9 .,:()[\]_/*+=-]|#\d+;)*$/;

test("whatever the texts are, a line is one message or note, nothing in it is markup, and Mermaid takes it", async (t) => {
  await fc.assert(
    fc.asyncProperty(traceArbitrary, async (trace) => {
      const text = writeMermaid(trace);
      t.is(await diagramType(text), "sequence");
      const lines = text.split("\n");
      t.is(lines.pop(), "");
      t.is(lines[1], "sequenceDiagram");
      for (const line of lines.slice(6)) t.regex(line, LINE);
      t.is(lines.filter((line) => line.startsWith("  caller->>driver: ")).length, trace.run.steps.length);
    }),
    { numRuns: 40 },
  );
});
