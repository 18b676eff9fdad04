import { actions } from "./actions.js";
import { contexts } from "./context.js";
import { delays } from "./delays.js";
import { endings } from "./endings.js";
import { eventless } from "./eventless.js";
import { guards } from "./guards.js";
import { hidden } from "./hidden.js";
import { history } from "./history.js";
import { identity } from "./identity.js";
import { oddities } from "./oddities.js";
import { queue } from "./queue.js";
import { selection } from "./selection.js";
import { setups } from "./setups.js";
import type { Specimen } from "./specimen.js";
import { structure } from "./structure.js";
import { targets } from "./targets.js";

/** All specimens, by what they show. */
export const groups: Readonly<Record<string, readonly Specimen[]>> = {
  structure,
  history,
  guards,
  eventless,
  actions,
  selection,
  targets,
  queue,
  endings,
  delays,
  contexts,
  setups,
  identity,
  oddities,
  hidden,
};
