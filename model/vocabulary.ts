import { assign, setup } from "xstate";
import type { QuestionKind, Returned } from "../impl/driver.js";
import type { ClauseId } from "./clauses.js";
import { begun, born, cleared, ENDED, filled, forgotten, initialContext, passed, type SpecContext } from "./context.js";
import type { ChartEvent } from "./events.js";
import type { Verdict } from "./expectation.js";
import { calls, refusals, steps } from "./guards.js";

/** What the end of a call says to the caller. */
export interface Returns {
  readonly verdict: Verdict;
  readonly ret: Returned;
}

/** The action by which a transition ends a call; `returned` finds it among the actions of a step. */
export function returns(verdict: Verdict, ret: Returned): { readonly type: "returns"; readonly params: Returns } {
  return { type: "returns", params: { verdict, ret } };
}

/** The same where what is returned depends on the call or on the answer. */
export function returnsBy(what: (event: ChartEvent) => Returns) {
  return { type: "returns", params: ({ event }: { readonly event: ChartEvent }) => what(event) } as const;
}

/** The clauses of the contract that a transition is there for. */
export interface Per {
  readonly clauses: readonly ClauseId[];
}

/** Said by every transition of the chart, so that each can be traced to the contract and back. */
export function per(...clauses: readonly [ClauseId, ...ClauseId[]]): { readonly meta: Per } {
  return { meta: { clauses } };
}

/** The words that the chart is written in. A state that waits for an answer has the kind of the question as its tag. */
export const chart = setup({
  types: {} as { context: SpecContext; events: ChartEvent; tags: QuestionKind; meta: Per },
  guards: { ...refusals, ...calls, ...steps },
  actions: {
    returns: (_, _params: Returns) => {
      // has no effect of its own: whoever steps the chart reads it
    },
    begin: assign(({ context, event }) => ("call" in event ? begun(context, event.call) : {})),
    clearRange: assign(({ context }) => cleared(context)),
    /** The page whose turn it is is as the call wants it; the next one's turn comes. */
    fillPage: assign(({ context }) => filled(context)),
    /** The same for the last page: the call is over. */
    fillLastPage: assign(({ context }) => ({ ...filled(context), ...ENDED })),
    /** The element whose turn it is was answered, with success or not; the next one's turn comes. */
    noteElement: assign(({ context, event }) =>
      "status" in event && event.status === 0 ? filled(context) : passed(context),
    ),
    /** The same for the last element: the call is over. */
    noteLastElement: assign(({ context, event }) => ({
      ...("status" in event && event.status === 0 ? filled(context) : {}),
      ...ENDED,
    })),
    rollBack: assign(({ context }) => ({ ...cleared(context), ...ENDED })),
    bringToLife: assign(({ context }, { pages }: { readonly pages: number }) => born(context, false, pages)),
    leaveStillborn: assign(({ context }, { pages }: { readonly pages: number }) => born(context, true, pages)),
    forgetSegment: assign(({ context, event }) => {
      const seg = "call" in event ? event.call.seg : context.underWay?.seg;
      return seg === undefined ? {} : forgotten(context, seg);
    }),
    /** After a panic nothing is left to tell states apart by (D7). */
    forgetAll: assign((_, { segments, pages }: { readonly segments: number; readonly pages: number }) =>
      initialContext(segments, pages),
    ),
    end: assign(() => ENDED),
  },
});
