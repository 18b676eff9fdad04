import { isOurs } from "../compiled/interpreter.js";
import type { CompiledSystem } from "../compiled/system.js";
import { EngineError } from "../errors.js";
import { valueKey } from "../key.js";
import type { Equivariance } from "./equivariance.js";
import type { RealPath } from "./real-paths.js";

/**
 * What the search over a quotient threw, as it has to be told: with a path of the machine's own instead of numbers of the
 * quotient's events, and what is no error but the compiler's own business as it was.
 */
export function retold(
  thrown: unknown,
  system: CompiledSystem,
  equivariance: Equivariance,
  real: (path: readonly number[]) => RealPath,
): unknown {
  if (!(thrown instanceof EngineError)) return thrown;
  if (thrown.code === "system-threw" && isOurs(thrown.cause)) return thrown.cause;
  const path = (thrown.path ?? []).filter((event) => typeof event === "number");
  // One that has events for a path tells of the machine already.
  if (thrown.path === undefined || path.length !== thrown.path.length) return thrown;
  const way = realOrNull(real, path);
  const number = numberOf(system, thrown.event);
  if (way === null) return withPlace(thrown, path.length === 0 ? [] : undefined, eventOf(system, number));
  const events = way.events.map((event) => system.compiled.event(event));
  if (thrown.code === "not-symmetric") {
    const found = asymmetry(equivariance, way.state);
    if (found !== null) return withPlace(found, events, found.event);
  }
  return withPlace(thrown, events, eventOf(system, number === undefined ? undefined : way.renamed[number]));
}

/** A machine that is not symmetric may not have the path. */
function realOrNull(real: (path: readonly number[]) => RealPath, path: readonly number[]): RealPath | null {
  try {
    return real(path);
  } catch (thrown) {
    if (thrown instanceof EngineError) return null;
    throw thrown;
  }
}

/** What is not symmetric in a state of the machine itself, with the names that things have there. */
function asymmetry(equivariance: Equivariance, state: Int32Array): EngineError | null {
  try {
    equivariance.checkAnyway(state);
    return null;
  } catch (thrown) {
    return thrown instanceof EngineError && thrown.code === "not-symmetric" ? thrown : null;
  }
}

function numberOf({ compiled }: CompiledSystem, event: unknown): number | undefined {
  if (typeof event === "number") return event;
  if (event === undefined) return undefined;
  const key = valueKey(event);
  const number = compiled.events.findIndex((other) => valueKey(other) === key);
  return number < 0 ? undefined : number;
}

function eventOf({ compiled }: CompiledSystem, number: number | undefined): unknown {
  return number === undefined ? undefined : compiled.event(number);
}

function withPlace(error: EngineError, path: readonly unknown[] | undefined, event: unknown): EngineError {
  const { at, hint, cause } = error;
  return new EngineError(error.code, error.headline, {
    ...(path === undefined ? {} : { path }),
    event,
    ...(at === undefined ? {} : { at }),
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
