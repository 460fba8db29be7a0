import { say } from "./common.mjs";

/**
 * Runs one stage and says what it does, how long it has been at it and, where `megabytes()` can tell, how far it is. On a terminal one
 * line is written over and over; in a log a line appears every 20 seconds.
 */
export async function stage(what, work, { megabytes, of } = {}) {
  const terminal = process.stderr.isTTY;
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const state = () =>
    `${what}: ${megabytes ? `${Math.min(of, Math.round(megabytes()))} of ${of} MB, ` : ""}${seconds()} s`;
  const show = () => (terminal ? process.stderr.write(`\r\x1b[2K[setup] ${state()}`) : say(state()));
  if (!terminal) say(`${what} ...`);
  const timer = setInterval(show, terminal ? 500 : 20_000);
  try {
    if (terminal) show();
    const result = await work();
    if (terminal) process.stderr.write("\r\x1b[2K");
    say(`${what}: done in ${seconds()} s`);
    return result;
  } catch (error) {
    if (terminal) process.stderr.write("\n");
    throw error;
  } finally {
    clearInterval(timer);
  }
}
