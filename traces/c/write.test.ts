import test from "ava";
import type { Call, Driver, Prot } from "../../impl/driver.js";
import { loadToolchain } from "../../impl/native/toolchain.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "../../impl/segmf/edition.js";
import { parseScenario } from "../scenario/parse.js";
import type { Answers, Step } from "../scenario/scenario.js";
import { answersOf } from "../scenario/script.js";
import { EXAMPLE, traceOf } from "../trace/testkit.js";
import type { Trace } from "../trace/trace.js";
import { writeC } from "./write.js";

/** What a kernel's compiler would be given, and then some. */
const STRICT = [
  "-std=c99",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-pedantic",
  "-Wmissing-prototypes",
  "-Wdeclaration-after-statement",
];
const TARGET = ["--target=wasm32-unknown-unknown", "-ffreestanding", "-O0"];

/** Declares each hook as a function that the host supplies, and hands them to the trace. */
const HOOKS = [
  "begin",
  "answer",
  "waiting",
  "foreign",
  "create",
  "add_mfns",
  "add_gref_pte",
  "add_grefs",
  "release_grefs",
  "dup",
  "unmap",
  "free_segment",
  "fault",
  "passive",
  "observe",
  "differs",
] as const;
type Hook = (typeof HOOKS)[number];

/** The harness of a test module, which takes the types of the hooks from the traces themselves. */
function harness(names: readonly string[]): string {
  const declared = HOOKS.map((hook) => `extern __typeof__(*((struct segmf_trace_hooks *)0)->${hook}) host_${hook};`);
  const members = HOOKS.map((hook) => `.${hook} = host_${hook}`);
  const runs = names.map(
    (name) => `unsigned run_${name}(void);\nunsigned run_${name}(void) { return segmf_trace_${name}(&hooks, 0); }`,
  );
  return `${names.map((name) => `#include "${name}.c"`).join("\n")}
#pragma clang diagnostic ignored "-Wlanguage-extension-token"
${declared.join("\n")}
static const struct segmf_trace_hooks hooks = { ${members.join(", ")} };
${runs.join("\n")}
`;
}

/** Compiles traces, all included into one file, into a module that calls what it is given as hooks. */
async function compiled(traces: readonly Trace[]): Promise<{ readonly messages: string; readonly wasm: Uint8Array }> {
  const texts = Object.fromEntries(traces.map((trace) => [`${trace.name}.c`, writeC(trace)]));
  const sources = { ...texts, "harness.c": harness(traces.map(({ name }) => name)) };
  const toolchain = await loadToolchain();
  const { files, messages } = await toolchain.run("clang", [...TARGET, ...STRICT, "-c", "harness.c"], sources);
  const object = files["harness.o"];
  if (object === undefined) throw new Error(messages);
  const args = ["--no-entry", "--allow-undefined", "--export-all", "--export-memory", "-o", "m.wasm", "harness.o"];
  const link = await toolchain.run("wasm-ld", args, { "harness.o": object });
  const wasm = link.files["m.wasm"];
  return { messages: messages + link.messages, wasm: wasm instanceof Uint8Array ? wasm : new Uint8Array() };
}

type Argument = number | bigint;
type Host = Record<Hook, (...args: readonly Argument[]) => unknown>;

/** What a test module does: hands every call on to a driver, and notes what it was asked and told. */
class TestModule {
  readonly made: Step[] = [];
  readonly differences: string[] = [];
  private memory = new Uint8Array();
  private answers: Answers = { addmap: 0, update_va_mapping: [], map_grant_ref: [], unmap_grant_ref: [] };
  private flags: { waiting?: true; foreign?: true } = {};

  constructor(private readonly driver: Driver) {}

  run(module: WebAssembly.Module, name: string): number {
    const env = Object.fromEntries(Object.entries(this.hooks()).map(([hook, call]) => [`host_${hook}`, call]));
    const { exports } = new WebAssembly.Instance(module, { env });
    const { memory } = exports;
    const run = exports[`run_${name}`];
    if (!(memory instanceof WebAssembly.Memory) || typeof run !== "function") throw new Error("no module of ours");
    this.memory = new Uint8Array(memory.buffer);
    return Number(run());
  }

  private hooks(): Host {
    const seg = (value: Argument | undefined) => Number(value);
    return {
      begin: () => {
        this.answers = { addmap: 0, update_va_mapping: [], map_grant_ref: [], unmap_grant_ref: [] };
        this.flags = {};
        return;
      },
      answer: (_, kind, op, element, value) => {
        this.answers = answered(this.answers, this.text(kind), Number(op), Number(element), Number(value));
        return;
      },
      waiting: () => {
        this.flags.waiting = true;
        return;
      },
      foreign: () => {
        this.flags.foreign = true;
        return;
      },
      create: (_, s, _pages, prot, maxprot) =>
        this.perform({ call: "create", seg: seg(s), prot: protOf(prot), maxprot: protOf(maxprot) }),
      add_mfns: (_, s, page, count, mfn, domid) =>
        this.perform({
          call: "add_mfns",
          seg: seg(s),
          page: Number(page),
          count: Number(count),
          mfn: Number(mfn),
          domid: Number(domid),
        }),
      add_gref_pte: (_, s, page, pte_ma) =>
        this.perform({ call: "add_gref_pte", seg: seg(s), page: Number(page), pte_ma: BigInt(pte_ma ?? 0) }),
      add_grefs: (_, s, page, writable, grefs, count, domid) =>
        this.perform({
          call: "add_grefs",
          seg: seg(s),
          page: Number(page),
          grefs: this.words(Number(grefs), Number(count)),
          writable: writable === 1,
          domid: Number(domid),
        }),
      release_grefs: (_, s, page, count) =>
        this.perform({ call: "release_grefs", seg: seg(s), page: Number(page), count: Number(count) }),
      dup: (_, s, into) => this.perform({ call: "dup", seg: seg(s), into: Number(into) }),
      unmap: (_, s, addr, len) => this.perform({ call: "unmap", seg: seg(s), addr: Number(addr), len: Number(len) }),
      free_segment: (_, s) => this.perform({ call: "free", seg: seg(s) }),
      fault: (_, s, page, count, type, rw) => {
        if (this.text(type) !== "softlock" || this.text(rw) !== "read") throw new Error("another fault");
        return this.perform({
          call: "fault",
          seg: seg(s),
          page: Number(page),
          count: Number(count),
          type: "softlock",
          rw: "read",
        });
      },
      passive: (_, op, s, page, count, delta) => {
        if (this.text(op) !== "kluster") throw new Error("another operation");
        return this.perform({
          call: "kluster",
          seg: seg(s),
          page: Number(page),
          count: Number(count),
          delta: Number(delta),
        });
      },
      observe: (_, what, s, page) => this.observed(this.text(what), seg(s), Number(page)),
      differs: (_, step, what, s, page, expected, got) => {
        this.differences.push(`${step}: ${this.text(what)} of ${s}, ${page}: ${expected}, ${got}`);
        return;
      },
    };
  }

  private perform(bare: Call): bigint {
    const call = { ...bare, ...this.flags };
    const step: Step = { call, answers: this.answers };
    this.made.push(step);
    return BigInt(this.driver.perform(call, answersOf(step)).ret ?? -7);
  }

  private observed(what: string, seg: number, page: number): bigint {
    const { segments, pageTables } = this.driver.observe();
    const segment = segments[seg] ?? null;
    const record = segment?.map[page] ?? { type: "empty" };
    const pte = pageTables[seg]?.ptes[page] ?? null;
    const values: Readonly<Record<string, number | bigint>> = {
      exists: Number(segment !== null),
      domid: segment?.domid ?? -1,
      softlockcnt: segment?.softlockcnt ?? -1,
      locks: pageTables[seg]?.locks ?? -1,
      map: ["empty", "mfn", "gref"].indexOf(record.type),
      map_value: record.type === "mfn" ? record.mfn : record.type === "gref" ? record.gref : 0,
      pte: ["throwaway", "foreign", "grant"].indexOf(pte?.kind ?? "") + 1,
      pte_value: pte?.kind === "foreign" ? pte.mfn : pte?.kind === "grant" ? pte.gref : 0,
    };
    return BigInt(values[what] ?? -1);
  }

  private text(address: Argument | undefined): string {
    const start = Number(address);
    return new TextDecoder().decode(this.memory.subarray(start, this.memory.indexOf(0, start)));
  }

  private words(address: number, count: number): readonly number[] {
    return Array.from({ length: count }, (_, i) => new DataView(this.memory.buffer).getUint32(address + 4 * i, true));
  }
}

/** Answers with one more said. */
function answered(answers: Answers, kind: string, op: number, element: number, value: number): Answers {
  const put = (codes: readonly number[], at: number) => {
    const all = [...codes, ...Array.from({ length: Math.max(0, at + 1 - codes.length) }, () => 0)];
    return all.with(at, value);
  };
  if (kind === "addmap") return { ...answers, addmap: value };
  if (kind === "update_va_mapping") return { ...answers, update_va_mapping: put(answers.update_va_mapping, op) };
  const which = kind.startsWith("map_") ? "map_grant_ref" : "unmap_grant_ref";
  const { rc = 0, status = [] } = answers[which][op] ?? {};
  const changed = kind.endsWith("_status") ? { rc, status: put(status, element) } : { rc: value, status };
  return { ...answers, [which]: [...answers[which].slice(0, op), changed] };
}

function protOf(bits: Argument | undefined): Prot {
  const names: readonly Prot[] = ["none", "r", "w", "rw", "x", "rx", "wx", "rwx"];
  return names[Number(bits)] ?? "none";
}

function driverFor({ scenario }: Trace, edition: "corrected" | "illumos"): Driver {
  const errata = edition === "illumos" ? ILLUMOS : CORRECTED;
  return segmfDriver({ machine: { kernel: "release", pages: scenario.pages, maxGrefs: 16 }, errata });
}

const STEPS = {
  create: { call: "create", seg: 0, prot: "rx", maxprot: "rwx" },
  stillborn: { call: "create", seg: 1, answers: { addmap: 12 } },
  free: { call: "free", seg: 1 },
  foreign: { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: "0x8000000000000", domid: 7, foreign: true },
  far: { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: "0x8000000000000", domid: 65_535 },
  kluster: { call: "kluster", seg: 0, page: 0, count: 1, delta: -40_000 },
  panic: { call: "unmap", seg: 0, addr: -1, len: 1 },
};

const ODD = parseScenario(
  JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 2 }, steps: Object.values(STEPS) }),
  "odd",
);

const [EXAMPLE_TRACE, ODD_TRACE] = [EXAMPLE, ODD].map((scenario, index) =>
  traceOf(scenario, { edition: "corrected", name: ["example", "odd"][index] ?? "" }),
) as [Trace, Trace];
const HOSTILE: Trace = { ...ODD_TRACE, name: "hostile", run: { ...ODD_TRACE.run, driver: "*/ /* ??/ \\\n\u{1f600}" } };
const EMPTY = traceOf({ pages: 1, steps: [] }, { name: "empty" });

let made: Awaited<ReturnType<typeof compiled>>;
let module: WebAssembly.Module;

// One compilation: the compiler takes seconds to get going.
test.before(async () => {
  made = await compiled([EXAMPLE_TRACE, ODD_TRACE, HOSTILE, EMPTY]);
  module = new WebAssembly.Module(new Uint8Array(made.wasm));
});

test("traces compile without a warning, several in one file, whatever their texts are", (t) => {
  t.is(made.messages, "");
});

for (const trace of [EXAMPLE_TRACE, ODD_TRACE]) {
  test(`the function makes the calls of the scenario with its answers, and finds the run again: ${trace.name}`, (t) => {
    const testModule = new TestModule(driverFor(trace, "corrected"));
    t.is(testModule.run(module, trace.name), 0);
    t.deepEqual(testModule.differences, []);
    const panics = trace.run.steps.at(-1)?.panic !== null;
    t.is(panics, trace === ODD_TRACE);
    t.deepEqual(testModule.made, trace.scenario.steps.slice(0, trace.run.steps.length - Number(panics)));
  });
}

test("on another driver it tells and counts every difference", (t) => {
  const testModule = new TestModule(driverFor(EXAMPLE_TRACE, "illumos"));
  const count = testModule.run(module, "example");
  t.is(count, testModule.differences.length);
  t.deepEqual(testModule.differences.slice(0, 3), [
    "2: pte of 0, 1: 0, 2",
    "2: pte_value of 0, 1: 0, 256",
    "3: pte of 0, 1: 0, 2",
  ]);
  t.true(testModule.differences.includes("5: returned of 0, 0: 14, 0"));
});
