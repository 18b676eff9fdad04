import { events } from "../../model/alphabet.js";
import { segmentsOf } from "../../model/context.js";
import { DOMID_SELF } from "../../model/constants.js";
import type { ExpectedSegment } from "../../model/expectation.js";
import type { SpecSnapshot } from "../../model/machine.js";
import { project, quiescent } from "../../model/projection.js";
import type { Scope } from "../../model/scope.js";

/**
 * What must hold of the specification itself, whatever the driver: that its states say of a segment what contract section
 * 3 allows. Named after the invariants of section 5 that they are the specification's side of.
 */
const OF_SEGMENTS: Readonly<Record<string, (snapshot: SpecSnapshot) => boolean>> = {
  "an unbound segment holds nothing": every(
    ({ domid, pages }) => domid !== 0 || pages.every(({ type }) => type === "empty"),
  ),
  "no segment is bound to dom0 or to DOMID_SELF": every(({ domid }) => domid >= 0 && domid !== DOMID_SELF),
  "a granted page is registered": every(({ pages, registered }) =>
    pages.every(({ type }, page) => type !== "gref" || registered[page] === true),
  ),
  "protections none hold nothing": every(
    ({ prot, pages }) => prot !== "none" || pages.every(({ type }) => type === "empty"),
  ),
  "a stillborn segment holds nothing": every(
    ({ stillborn, pages, registered }) =>
      !stillborn || (pages.every(({ type }) => type === "empty") && !registered.includes(true)),
  ),
};

/** All of them for one scope: nor does any state leave a segment alive and no event possible (a deadlock). */
export function chartInvariants(scope: Scope): Readonly<Record<string, (snapshot: SpecSnapshot) => boolean>> {
  const offered = events(scope);
  return {
    ...OF_SEGMENTS,
    [NO_DEADLOCK]: (snapshot) => !isAlive(snapshot) || offered(snapshot).some((event) => snapshot.can(event)),
  };
}

const NO_DEADLOCK = "a living segment has an event to come";

function isAlive(snapshot: SpecSnapshot): boolean {
  return snapshot.status === "active" && segmentsOf(snapshot.context).some((segment) => segment !== null);
}

function every(holds: (segment: ExpectedSegment) => boolean): (snapshot: SpecSnapshot) => boolean {
  return (snapshot) => {
    if (!quiescent(snapshot)) return true;
    return project(snapshot).segments.every((segment) => segment === null || holds(segment));
  };
}
