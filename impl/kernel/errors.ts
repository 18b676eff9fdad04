/**
 * The project's own code asked a driver for something that makes no sense: a call on a segment that is not there, a
 * snapshot of another driver. A scenario from outside is checked before it comes so far. Never about what a driver does.
 */
export class CallerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CallerError";
  }
}
