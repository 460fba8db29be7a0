/**
 * A signal that Ctrl-C and SIGTERM abort. The first asks for a clean stop at the next safe place; a second Ctrl-C ends the process at
 * once, which costs no more than the epoch under way.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nstopping after this step (Ctrl-C again to stop at once) ...\n");
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
