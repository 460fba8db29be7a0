const tickMs = 100;

/**
 * Time as a process has it to wait. Training blocks its event loop for seconds, in which no answer can be heard: such a
 * stretch counts as a quarter of a second, so that patience is not over before the answers that came were read.
 */
export class Patience {
  #leftMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #controller = new AbortController();

  constructor(ms: number) {
    this.#leftMs = ms;
    let last = performance.now();
    this.#timer = setInterval(
      () => {
        const now = performance.now();
        this.#leftMs -= Math.min(now - last, 2.5 * tickMs);
        last = now;
        if (this.#leftMs > 0) return;
        this.#controller.abort(new Error("no answer in time"));
        this.end();
      },
      Math.min(tickMs, ms / 4),
    );
  }

  get over(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Aborted when patience is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Frees its timer. */
  end(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Asks again and again, until something is answered that is not undefined or patience is over: then undefined. Throws the
 * signal's reason once it is aborted.
 */
export async function waitFor<T>(
  ms: number,
  everyMs: number,
  ask: () => Promise<T | undefined>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const patience = new Patience(ms);
  try {
    while (!patience.over) {
      signal?.throwIfAborted();
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return undefined;
  } finally {
    patience.end();
  }
}
