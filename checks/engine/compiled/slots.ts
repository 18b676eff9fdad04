/** The slots that every machine has, and what the first of them holds. By themselves: workers need no more of a layout. */
export const STATUS_SLOT = 0;
export const OUTPUT_SLOT = 1;
export const ACTIVE = 0;
export const DONE = 1;
