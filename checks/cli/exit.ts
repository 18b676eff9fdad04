/** Exit codes of the command (scenario.md and README). */
export const EXIT = {
  holds: 0,
  violated: 1,
  misuse: 2,
  incomplete: 3,
  fault: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A user's mistake: one line that says what, where, what was expected and what to do. Exit 2, no stack. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
