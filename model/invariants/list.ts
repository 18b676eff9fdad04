import { emptyRollback, successExact } from "./adds.js";
import { domidOnce, oneDomain, softlockNonnegative, writePermission } from "./always.js";
import { lockBalance, softlockExact, vnodeBalance } from "./counts.js";
import type { Invariant, SpaceInvariant } from "./invariant.js";
import { lockDiscipline } from "./locks.js";
import { grantOwnedOnce, mapIsTruth, noResidue } from "./pages.js";
import { forkIsolation, refusalIsPure } from "./purity.js";
import { kernelContract, resultExact } from "./results.js";
import { wake } from "./wake.js";

/** Evaluated on the graph of reachable states, as far as that was explored. */
const freeable: SpaceInvariant = {
  id: "freeable",
  prose: "From every reachable state some path leads to every segment freed, with no residue.",
  section: "5",
  clauses: ["3.unmap.whole", "3.free"],
  scope: "space",
};

/** The invariants of contract section 5, in its order. */
export const INVARIANTS: readonly Invariant[] = [
  resultExact,
  successExact,
  emptyRollback,
  refusalIsPure,
  softlockNonnegative,
  softlockExact,
  domidOnce,
  mapIsTruth,
  grantOwnedOnce,
  lockBalance,
  noResidue,
  vnodeBalance,
  oneDomain,
  writePermission,
  lockDiscipline,
  wake,
  forkIsolation,
  freeable,
  kernelContract,
];
