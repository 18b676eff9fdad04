/** How a served page begins. */
export interface Start {
  /** The hash of the walk to begin with; empty for none. */
  readonly hash: string;
  /** Whether the server has a driver of a C file. */
  readonly driver: boolean;
}
