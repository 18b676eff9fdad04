import type { Control } from "./control.js";
import { Receiver, type RingMemory, Sender, type Take } from "./ring.js";

/** A worker's post: what it sends to each of the others, and what they send to it. */
export class Mail {
  readonly #me: number;
  readonly #control: Control;
  readonly #take: Take;
  /** By worker; what is at the worker's own place is never used. */
  readonly #senders: readonly Sender[];
  readonly #receivers: readonly Receiver[];

  /**
   * @param rings by the worker that writes, then by the one that reads
   * @param take called for each record that comes
   */
  constructor(rings: readonly (readonly RingMemory[])[], me: number, control: Control, take: Take) {
    this.#me = me;
    this.#control = control;
    this.#take = take;
    this.#senders = (rings[me] ?? []).map((ring, other) => new Sender(ring, () => control.ring(other)));
    const incoming = rings.flatMap((row, other) => row.filter((_, reader) => reader === me && other !== me));
    const writers = rings.map((_, other) => other).filter((other) => other !== me);
    this.#receivers = incoming.map((ring, index) => new Receiver(ring, () => control.ring(writers[index] ?? me)));
  }

  /** Sends a state, packed from `at` on, to its owner. Takes what has come meanwhile if the way is full, so that nobody waits in a circle. */
  post(owner: number, packed: Int32Array, at: number, parent: number, event: number): void {
    // Owners are numbers of workers.
    const sender = this.#senders[owner] as Sender;
    if (!sender.hasRoom()) this.#makeRoom(sender);
    sender.push(packed, at, parent, event);
  }

  /** Takes what has come. Returns how many records that was. */
  drain(): number {
    let count = 0;
    for (const receiver of this.#receivers) count += receiver.drain(this.#take);
    return count;
  }

  /** Has everything delivered that this worker has sent, and takes what comes until nobody sends any more. */
  finish(): void {
    for (const sender of this.#senders) sender.publish();
    this.#control.finish();
    for (;;) {
      const heard = this.#control.rung(this.#me);
      // Who has finished has sent everything: what is drained after that was all.
      const isLast = this.#control.haveAllFinished;
      const count = this.drain();
      if (isLast) return;
      if (count === 0) this.#control.sleep(this.#me, heard);
    }
  }

  #makeRoom(sender: Sender): void {
    for (;;) {
      const heard = this.#control.rung(this.#me);
      if (sender.hasRoom()) return;
      if (this.drain() === 0) this.#control.sleep(this.#me, heard);
    }
  }
}
