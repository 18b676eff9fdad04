import type { Call } from "../../../impl/driver.js";
import type { NativeModule } from "../../../impl/native/module.js";
import type { TraceFormat } from "../../../traces/formats.js";
import type { Scenario, Step } from "../../../traces/scenario/scenario.js";
import { type Foretold, foretell } from "./choices.js";
import { type Exported, exported } from "./exports.js";
import type { Goal } from "./goals.js";
import { type HistoryItem, historyOf } from "./history.js";
import { fromHash, MOST_STEPS, toHash } from "./link.js";
import { type Found, type SearchOptions, search } from "./search.js";
import { type Setup, START, sameSetup, setupFor } from "./setup.js";
import { EMPTY_TREE, jumped, lineOf, lineTo, redone, stepped, type Tree, type TreeNode, undone } from "./tree.js";
import { type View, viewOf } from "./view.js";
import { type Instant, isCallable, type UnderWay, type Visit, Walker } from "./walker.js";

/** Where a walk stands: plain data but for the driver of a C file. */
export interface State {
  readonly setup: Setup;
  readonly tree: Tree;
  /** A call whose answers are being chosen. */
  readonly underWay: UnderWay | null;
  /** What the walk is called: the stem of the file that it came from. */
  readonly name: string;
}

/** Something is asked for that can't be: one line that says what, and what to do. */
export class Refused extends Error {
  override readonly name = "Refused";
}

const NAME = "walk";

/**
 * A walk through the state space: what one can do in it, and what there is to see. Knows nothing of pages and browsers;
 * whoever shows it is told of changes.
 */
export class Explorer {
  #state: State = { setup: START, tree: EMPTY_TREE, underWay: null, name: NAME };
  #walker = new Walker(START);
  #natives: readonly NativeModule[] = [];
  readonly #listeners = new Set<() => void>();
  #view: { readonly of: State; readonly view: View } | null = null;
  #history: { readonly tree: Tree; readonly walker: Walker; readonly items: readonly HistoryItem[] } | null = null;

  get state(): State {
    return this.#state;
  }

  get natives(): readonly NativeModule[] {
    return this.#natives;
  }

  /** What is shown of where one stands. */
  get view(): View {
    if (this.#view?.of !== this.#state) {
      const view = viewOf(this.#walker, this.#state.tree, this.#here, this.#instant());
      this.#view = { of: this.#state, view };
    }
    return this.#view.view;
  }

  get history(): readonly HistoryItem[] {
    const { tree } = this.#state;
    if (this.#history?.tree !== tree || this.#history.walker !== this.#walker) {
      this.#history = { tree, walker: this.#walker, items: historyOf(this.#walker, tree) };
    }
    return this.#history.items;
  }

  /** The hash of a link to where one stands; null if the history is too long for one. */
  get hash(): string | null {
    return toHash(this.#state);
  }

  /** Calls `changed` after each change, until the function that is returned is called. */
  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** What the specification says of a call before it is made. */
  foretell(call: Call): Foretold {
    return foretell(this.#walker, this.#here, call);
  }

  /** Begins a call: to its end if it asks nothing, or if all is to succeed; else to its first question. */
  choose(call: Call, succeeds = false): void {
    if (!isCallable(this.#here, call)) return;
    this.#answered({ call, answers: [] }, succeeds);
  }

  /** Answers what the call under way asks. */
  answer(answer: number): void {
    const { underWay } = this.#state;
    if (underWay !== null) this.#answered({ ...underWay, answers: [...underWay.answers, answer] }, false);
  }

  /** Answers everything else that the call under way asks with success. */
  restSucceeds(): void {
    const { underWay } = this.#state;
    if (underWay !== null) this.#answered(underWay, true);
  }

  /** One answer back, or out of the call under way, or one step back. */
  undo(): void {
    const { tree, underWay } = this.#state;
    if (underWay === null) this.#become({ tree: undone(tree) });
    else if (underWay.answers.length === 0) this.cancel();
    else this.#become({ underWay: { ...underWay, answers: underWay.answers.slice(0, -1) } });
  }

  /** Leaves the call under way unmade. */
  cancel(): void {
    this.#become({ underWay: null });
  }

  /** One step on along the line, if this driver can make it. */
  redo(): void {
    this.#goTo(redone(this.#state.tree));
  }

  /** To any state that was visited and that this driver comes to. */
  jump(id: number): void {
    this.#goTo(jumped(this.#state.tree, id));
  }

  /** Back to nothing, with the same driver. */
  reset(): void {
    const { setup } = this.#state;
    this.#become({ tree: EMPTY_TREE, name: NAME, setup: { ...setup, creates: 1 } });
  }

  /** The same walk with another driver, kernel, or machine: as far as it can be made there. */
  configure(change: Partial<Setup>): void {
    const setup = withLimit({ ...this.#state.setup, ...change });
    this.#become({ setup });
  }

  /** Adds a driver of a C file, and walks with it. */
  addNative(native: NativeModule): void {
    this.#natives = [native, ...this.#natives.filter(({ path }) => path !== native.path)];
    this.configure({ driver: { kind: "native", native } });
  }

  /** Begins at the start of a trace. Throws `Refused` if it is too long. */
  load(scenario: Scenario, name: string, change: Partial<Pick<Setup, "driver" | "kernel">> = {}): void {
    const { steps } = scenario;
    if (steps.length > MOST_STEPS) {
      throw new Refused(
        `${name}: expected at most ${MOST_STEPS} steps to walk through, got ${steps.length}; segmf run takes any number`,
      );
    }
    const base = { ...this.#state.setup, forks: 0, ...change };
    const setup = setupFor(base, scenario);
    this.#become({ setup: { ...setup, forks: Math.max(setup.forks, START.forks) }, tree: lineOf(steps), name });
  }

  /** Goes where a link says. Throws `LinkError`. */
  open(hash: string): void {
    const { setup, tree, name } = fromHash(hash, this.#natives);
    this.#become({ setup, tree, name: name === "" ? NAME : name });
  }

  /** Takes steps from where one stands. */
  follow(steps: readonly Step[]): void {
    this.#become({ tree: steps.reduce(stepped, this.#state.tree) });
  }

  /** The next state of the line in which an invariant is broken; null if there is none ahead. */
  get violationAhead(): number | null {
    const { at } = this.#state.tree;
    return this.history.find(({ depth, broken }) => depth > at.depth && broken.length > 0)?.id ?? null;
  }

  /** Looks for a shortest way to a goal, and takes it. Where one stands must have a reference. */
  async search(goal: Goal, options: SearchOptions = {}): Promise<Found> {
    const { tree, setup } = this.#state;
    const found = await search(this.#walker, this.#here, goal, options);
    const isSame = this.#state.tree === tree && sameSetup(this.#state.setup, setup);
    if (found.kind === "found" && isSame) this.follow(found.steps);
    return found;
  }

  /** The way to where one stands, as a file. */
  export(format: TraceFormat): Exported {
    const { tree, name } = this.#state;
    return exported(this.#walker, tree.at, name, format);
  }

  get #here(): Visit {
    const visit = this.#walker.visit(this.#state.tree.at);
    if (visit === null) throw new Error("one stands where this driver does not come to");
    return visit;
  }

  #instant(): Instant | null {
    const { underWay } = this.#state;
    const begun = underWay === null ? null : this.#walker.begin(this.#here, underWay);
    return begun !== null && "question" in begun ? begun : null;
  }

  #answered(underWay: UnderWay, restSucceeds: boolean): void {
    const here = this.#here;
    let { answers } = underWay;
    let begun = this.#walker.begin(here, underWay);
    while (restSucceeds && "question" in begun) {
      answers = [...answers, 0];
      begun = this.#walker.begin(here, { ...underWay, answers });
    }
    if ("question" in begun) this.#become({ underWay: { ...underWay, answers } });
    else this.#become({ tree: stepped(this.#state.tree, begun) });
  }

  #goTo(tree: Tree): void {
    if (this.#walker.visit(tree.at) !== null) this.#become({ tree });
  }

  /** The next state. What is not said of it stays; a call under way does not, unless it is said. */
  #become(change: Partial<State>): void {
    const next: State = { ...this.#state, underWay: null, ...change };
    if (!sameSetup(next.setup, this.#state.setup)) this.#walker = new Walker(next.setup);
    this.#state = { ...next, tree: this.#reachable(next.tree) };
    for (const changed of this.#listeners) changed();
  }

  /** The tree with oneself at the last state of the way there that this driver comes to. */
  #reachable(tree: Tree): Tree {
    const at = lineTo(tree.at).findLast((node: TreeNode) => this.#walker.visit(node) !== null);
    return at === undefined || at === tree.at ? tree : { ...tree, at };
  }
}

/** SEGMF_MAX_GREFS is compiled into a C file's driver. */
function withLimit(setup: Setup): Setup {
  return setup.driver.kind === "native" ? { ...setup, maxGrefs: setup.driver.native.maxGrefs } : setup;
}
