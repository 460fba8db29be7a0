/**
 * A signal that Ctrl-C and SIGTERM abort. The first asks for a clean stop at the next safe place; a second Ctrl-C ends the process at
 * once, which costs what was done since the last checkpoint. SIGTERM again changes nothing: schedulers repeat it.
 * @param says what people read then
 */
export function stopSignal(says = AFTER_STEP): AbortSignal {
  return listen(says).signal;
}

/** Does work with such a signal; afterwards Ctrl-C and SIGTERM mean what they meant before. */
export async function withStopSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, release } = listen(AFTER_STEP);
  try {
    return await work(signal);
  } finally {
    release();
  }
}

const AFTER_STEP = "stopping after this step (Ctrl-C again to stop at once) ...";

/** One Ctrl-C may arrive twice: npm hands on what the terminal has sent to everybody. */
const ECHO_MS = 500;

function listen(says: string): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let since = 0;
  const stop = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      process.stderr.write(`\n${says}\n`);
      since = performance.now();
      controller.abort();
    } else if (name === "SIGINT" && performance.now() - since > ECHO_MS) {
      process.exit(130);
    }
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const release = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  return { signal: controller.signal, release };
}
