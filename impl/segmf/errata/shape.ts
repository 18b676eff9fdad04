/**
 * One way in which the shipped driver departs from the contract. Data only: the driver's code asks for `switch`, reports
 * and `segmf errata` print the rest.
 */
export interface ErratumShape {
  /** The name in commands, files and reports, in kebab case. */
  readonly id: string;
  /** The member of `Deviations` that the driver's code asks for: the id in camel case. */
  readonly switch: string;
  /** One line. */
  readonly title: string;
  /** What the shipped driver does. */
  readonly does: string;
  readonly follows: {
    /** What comes of it where ASSERTs are checked. */
    readonly debug: string;
    /** What comes of it where they are not. */
    readonly release: string;
    /** Who meets it, and where. */
    readonly whom: string;
  };
  /** Where the contract says otherwise: section, call, and the rule in brief. */
  readonly clause: string;
  /** The ids of the clauses that it breaks, as the model has them. */
  readonly clauses: readonly string[];
}
