// Which room may import which: the arrows of CONTRIBUTING.md as rules, checked by `npm run arrows`. What no arrow
// allows is an error. `types` are arrows that vanish when compiled (`import type`).

const DRIVER = "^impl/driver\\.ts$";
/** Tests, and what only tests use. None of it is published. */
const TEST = "/(testing|examples)/|(\\.(test|arbitrary)|[./](fixture|testkit))\\.ts$";
const NPM = (name) => `^node_modules/${name}/`;
/** Node's own modules, as the cruiser names them: without a folder. */
const NODE = "^[a-z0-9_:/]+$";

const model = "^model/";
const kernel = "^impl/kernel/";
const segmf = "^impl/segmf/";
const native = "^impl/native/";
const impl = "^impl/";
const traces = "^traces/";
const engine = "^checks/engine/";
const conformance = "^checks/conformance/";
const onTop = "^checks/(report|doc|explorer|bench)/";
const cli = "^checks/cli/";

/**
 * One entry a room: where it is, the rooms and packages it may import besides itself, the rooms it may import types of,
 * and what its tests may use on top (rooms below or beside it that they measure it against).
 */
const rooms = [
  { name: "model", at: model, imports: [NPM("xstate")], types: [DRIVER], tests: [engine] },
  { name: "driver", at: DRIVER, imports: [], types: [], tests: [] },
  { name: "kernel", at: kernel, imports: [], types: [DRIVER], tests: [impl] },
  { name: "segmf", at: segmf, imports: [kernel], types: [DRIVER], tests: [impl] },
  { name: "native", at: native, imports: [kernel, NPM("@yowasp/clang"), NODE], types: [DRIVER], tests: [impl] },
  { name: "engine", at: engine, imports: [NPM("xstate"), NPM("@xstate/graph"), NODE], types: [], tests: [] },
  {
    name: "traces",
    at: traces,
    imports: [NPM("fastest-levenshtein")],
    types: [DRIVER, model],
    tests: [model, impl],
  },
  {
    name: "conformance",
    at: conformance,
    imports: [model, impl, engine, traces, NPM("xstate"), NPM("fast-check")],
    types: [],
    tests: [],
  },
  {
    name: "on-top",
    at: onTop,
    imports: [model, impl, traces, engine, conformance, onTop, NPM(".+"), NODE],
    types: [],
    tests: [],
  },
  { name: "cli", at: cli, imports: [".*"], types: [], tests: [] },
];

/** A test uses what its room may, the test tools, Node, and the rooms named for tests. */
const testTools = [NPM(".+"), NODE];

const arrows = rooms.flatMap(({ name, at, imports, types, tests }) => [
  {
    name: `arrow-${name}`,
    comment: `${name} imports a room or package that the table in CONTRIBUTING.md does not give it.`,
    severity: "error",
    from: { path: at, pathNot: TEST },
    to: { pathNot: [at, ...imports, ...types], couldNotResolve: false },
  },
  {
    name: `arrow-${name}-tests`,
    comment: `A test of ${name} imports a room that stands above it.`,
    severity: "error",
    from: { path: `(?=${at}).*(?:${TEST})` },
    to: { pathNot: [at, ...imports, ...types, ...tests, ...testTools], couldNotResolve: false },
  },
]);

const typeArrows = rooms
  .filter(({ types }) => types.length > 0)
  .map(({ name, at, types }) => ({
    name: `types-only-${name}`,
    comment: `${name} may import only types from there: use "import type".`,
    severity: "error",
    from: { path: at, pathNot: TEST },
    to: { path: types, dependencyTypesNot: ["type-only"] },
  }));

export default {
  forbidden: [
    ...arrows,
    ...typeArrows,
    {
      name: "vocabulary-is-types",
      comment: "impl/driver.ts is types and nothing else: import it with `import type`.",
      severity: "error",
      from: {},
      to: { path: DRIVER, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycle",
      comment: "Modules that import each other in a circle can be neither understood nor loaded one by one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "tests-are-leaves",
      comment: "Only tests and measurements import what is made for tests.",
      severity: "error",
      from: { pathNot: [TEST, "^checks/bench/"] },
      to: { path: TEST },
    },
    {
      name: "every-file-has-a-room",
      comment: "The rooms are fixed: this folder is none of them.",
      severity: "error",
      from: { pathNot: ["^node_modules/", ...rooms.map(({ at }) => at)] },
      to: {},
    },
    {
      name: "resolvable",
      comment: "The module is not there.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
