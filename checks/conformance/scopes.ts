import { defineScope, type Scope } from "../../model/scope.js";

/** What a check explores, the scope that was asked for first. */
export interface CheckScopes {
  /** Of the statechart by itself. */
  readonly charts: readonly [Scope, ...Scope[]];
  /** Of the product of specification and driver. */
  readonly products: readonly [Scope, ...Scope[]];
}

/** The scope in which the limit on refs lies inside the segment (decision D11). */
const LIMIT_SCOPE: Scope = defineScope({ pages: 2, domids: [7, 9], maxGrefs: 1 });

/** The scope in which a segment is forked. */
const FORK_SCOPE: Scope = defineScope({ pages: 1, domids: [7, 9], forks: 1 });

/** What is explored if nobody says how far: of the product as much as takes seconds, of the chart what reaches all of it. */
const DEFAULT_SCOPES: CheckScopes = {
  charts: [defineScope({ pages: 2 }), FORK_SCOPE, LIMIT_SCOPE],
  products: [defineScope({ pages: 2, forks: 1 }), defineScope({ pages: 3 }), LIMIT_SCOPE],
};

/** The scope that was asked for and those explored beside it (decision D20); without one the default scopes. */
export function scopesOf(scope: Scope | undefined): CheckScopes {
  if (scope === undefined) return DEFAULT_SCOPES;
  const products: CheckScopes["products"] = [scope, ...(scope.forks === 0 ? [FORK_SCOPE] : []), LIMIT_SCOPE];
  if (scope.forks === 0 || scope.pages <= MOST_PAGES_OF_FORKED_CHARTS) return { charts: products, products };
  const pages = MOST_PAGES_OF_FORKED_CHARTS;
  const forked = defineScope({ ...scope, pages, refs: Math.min(scope.refs, pages) });
  return { charts: [defineScope({ ...scope, forks: 0 }), forked, LIMIT_SCOPE], products };
}

/**
 * A chart of more pages with a fork is explored without the fork, and forked with so many pages: what a call does half way has
 * nothing to do with the other segment, and its states multiply. The product has all states at rest of both together.
 */
const MOST_PAGES_OF_FORKED_CHARTS = 2;
