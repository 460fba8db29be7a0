/** What work that a cell waits for may learn of interrupts of the kernel. */
export interface Interrupts {
  /** Aborted by the first: stop in order. */
  signal: AbortSignal;
  /** Aborted by a second: stop at once. */
  again: AbortSignal;
}

/** One interrupt may arrive twice. */
const ECHO_MS = 500;

/**
 * Does work that an interrupt of the kernel stops in order: the cell ends when the work has ended, by itself or stopped. Left to
 * itself the kernel would end the cell at once, and what the cell started would go on unseen. A second interrupt asks to stop at once
 * and is handed on to the kernel.
 */
export async function untilInterrupted<T>(work: (interrupts: Interrupts) => Promise<T>): Promise<T> {
  // While a cell's first stretch runs, up to its first wait, Node holds all listeners back and puts them in place afterwards.
  await new Promise((resolve) => setImmediate(resolve));
  const [first, second] = [new AbortController(), new AbortController()];
  const others = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  let since = 0;
  const onInterrupt: NodeJS.SignalsListener = (name) => {
    if (!first.signal.aborted) {
      since = performance.now();
      first.abort();
    } else if (performance.now() - since > ECHO_MS) {
      second.abort();
      for (const other of others) other(name);
    }
  };
  process.on("SIGINT", onInterrupt);
  for (const other of others) process.off("SIGINT", other);
  try {
    return await work({ signal: first.signal, again: second.signal });
  } finally {
    for (const other of others) process.on("SIGINT", other);
    process.off("SIGINT", onInterrupt);
  }
}
