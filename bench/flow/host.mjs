/**
 * The host of a flow: every operation that a flow begins is completed from outside, in the order in
 * which they were begun, and as soon as that can be done without being inside the call that began
 * it. A real host's events would cost each operation a turn of the event loop more; that they cost
 * nothing here is the kindest that a host can be to those who are measured.
 */
export class Host {
  #pending = [];

  /** `done` is called with 1 when the operation is complete. */
  begin = (done) => {
    if (this.#pending.push(done) === 1) queueMicrotask(this.#complete);
  };

  #complete = () => {
    const due = this.#pending;
    this.#pending = [];
    for (const done of due) done(1);
  };
}

/** Begins an operation that has not completed by the time it is given up. */
export const beginSlow = () => {};
