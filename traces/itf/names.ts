/** What this project puts into ITF, and how: the version of that. The format itself has none. */
export const ENCODING = "segmf-itf/1";

export const SPECIFICATION = "https://apalache-mc.org/docs/adr/015adr-trace.html";

/** The variable that says which action led to a state, by Quint's convention for model-based testing. */
export const ACTION = "mbt::actionTaken";

/** The variable that says what was chosen for it: a record of options. */
export const PICKED = "mbt::nondetPicks";
