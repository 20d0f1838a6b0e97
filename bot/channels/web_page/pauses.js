/* Waiting between attempts: longer each time, never in step with other browsers, and cut short by good news. */

export function* growingPauses(first, longest) {
  for (let pause = first; ; pause = Math.min(pause * 2, longest)) {
    // After a server restart thousands of pages would otherwise all knock in the same second.
    yield pause * (0.8 + 0.4 * Math.random());
  }
}

export class Nap {
  #timer = null;
  #wakeUp = null;

  sleep(milliseconds) {
    return new Promise((resolve) => {
      this.#wakeUp = resolve;
      this.#timer = setTimeout(() => this.wake(), milliseconds);
    });
  }

  /* Says whether there was a sleep to end. */
  wake() {
    const wakeUp = this.#wakeUp;
    clearTimeout(this.#timer);
    this.#wakeUp = null;
    wakeUp?.();
    return wakeUp !== null;
  }
}
