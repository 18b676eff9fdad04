import type { Driver } from "../../impl/driver.js";
import type { Scope } from "../../model/scope.js";
import { HeapWatch } from "../engine/heap.js";
import { checkLimits, type StopReason } from "../engine/limits.js";
import type { Making } from "./behaviours.js";
import { eventLoopTurn } from "./eventloop.js";
import type { Explored, ExploreOptions, ProductFindings } from "./explored.js";
import { FactoredProduct } from "./factored.js";
import { unfreeable } from "./freeable.js";
import type { FactoredPosition, WholePosition } from "./position.js";
import { Unsound } from "./replayer.js";
import type { ProductReport } from "./report.js";
import { scopeReport } from "./scopereport.js";
import type { Specification } from "./specification.js";
import { exploreWhole } from "./whole.js";

/**
 * Explores specification x driver breadth first, to exhaustion or to a limit, and judges every edge: segment by segment if
 * the driver can be taken apart so, and else state by state. The driver must be in its initial state.
 */
export async function exploreProduct(
  specification: Specification,
  driver: Driver,
  scope: Scope,
  options: ExploreOptions = {},
): Promise<Explored> {
  checkLimits(options.limits ?? {});
  const making = { specification, driver, scope };
  if (driver.parts() === null) return await exploreWhole(making, options);
  if (options.from?.kind === "whole") return await exploreUnsound(making, options, options.from);
  const initial = driver.snapshot();
  try {
    return await exploreFactored(making, options, options.from);
  } catch (error) {
    if (!(error instanceof Unsound)) throw error;
    driver.restore(initial);
    const { message: because, nondeterminism } = error;
    return await exploreUnsound(making, options, { kind: "whole", because, nondeterminism });
  }
}

/** Explores state by state a driver that was found out not to be one that can be explored by segments. */
async function exploreUnsound(making: Making, options: ExploreOptions, found: WholePosition): Promise<Explored> {
  options.keep?.save(found);
  const { report, product } = await exploreWhole(making, options);
  const { violations, tally } = product;
  const nondeterminism = [...(found.nondeterminism === null ? [] : [found.nondeterminism]), ...product.nondeterminism];
  return { report: { ...report, notFactored: found.because }, product: { violations, tally, nondeterminism } };
}

/** Work between two turns of the event loop: some tens of milliseconds. */
const WORK_BETWEEN_TURNS = 200_000;

async function exploreFactored(
  making: Making,
  options: ExploreOptions,
  from: FactoredPosition | undefined,
): Promise<Explored> {
  const { limits = {}, selfCheck, violated, keep } = options;
  const heap = new HeapWatch(limits.memory);
  const product = new FactoredProduct(making, {
    ...(from === undefined ? {} : { from }),
    ...(selfCheck === undefined ? {} : { selfCheck }),
    ...(violated === undefined ? {} : { violated }),
    ...(limits.states === undefined ? {} : { states: limits.states }),
    ...(limits.memory === undefined ? {} : { memory: limits.memory }),
  });
  const stopped = await search(product, heap, options);
  // To be gone on from with other limits; and what follows may take its time as well.
  keep?.save(product.position);
  product.finish();
  return { report: factoredReport(product, making.scope, stopped), product: findingsIn(product) };
}

/** Expands state after state. Answers which limit has stopped it. */
async function search(
  product: FactoredProduct,
  heap: HeapWatch,
  { limits = {}, progress, keep }: ExploreOptions,
): Promise<StopReason | null> {
  const { seconds, signal } = limits;
  const deadline = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  let isHeapFull = false;
  let turnDue = product.work + WORK_BETWEEN_TURNS;
  while (product.waiting > 0) {
    if (signal?.aborted === true) return "aborted";
    if (performance.now() >= deadline) return "seconds";
    if (isHeapFull) return "memory";
    if (!product.expand()) return product.full ?? "states";
    if (product.work < turnDue) continue;
    turnDue = product.work + WORK_BETWEEN_TURNS;
    isHeapFull = heap.isFull();
    progress?.(product.progress);
    if (keep?.isDue() === true) keep.save(product.position);
    await eventLoopTurn();
  }
  return null;
}

function findingsIn({ violations, tally }: FactoredProduct): ProductFindings {
  return { violations, tally, nondeterminism: [] };
}

function factoredReport(product: FactoredProduct, scope: Scope, stopped: StopReason | null): ProductReport {
  const { states, depth, deadlocks, violations } = product;
  const { edges, executed, checkedTwice } = product.tally;
  return {
    scope: scopeReport(scope),
    states,
    edges,
    executed,
    depth,
    complete: stopped === null,
    stopped,
    checkedTwice,
    notFactored: null,
    deadlocks,
    unfreeable: stopped === null ? unfreeable(product.graph) : null,
    violatingEdges: violations.reduce((sum, violation) => sum + (violation.edges ?? 1), 0),
  };
}
