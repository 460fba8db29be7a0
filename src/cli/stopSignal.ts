/**
 * A signal that Ctrl-C and SIGTERM abort. The first asks for a clean stop at the next safe place; a second Ctrl-C ends the process at
 * once, which costs no more than the epoch under way.
 */
export function stopSignal(): AbortSignal {
  return listen().signal;
}

/** Does work with such a signal; afterwards Ctrl-C and SIGTERM mean what they meant before. */
export async function withStopSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, release } = listen();
  try {
    return await work(signal);
  } finally {
    release();
  }
}

function listen(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nstopping after this step (Ctrl-C again to stop at once) ...\n");
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const release = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  return { signal: controller.signal, release };
}
