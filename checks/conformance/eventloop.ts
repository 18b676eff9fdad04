/** Lets timers, signals and input be handled: long work that must be stoppable takes a turn now and then. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
