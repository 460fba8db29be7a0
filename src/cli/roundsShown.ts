import type { ProgressLine } from "./progressLine.js";

/**
 * Shows the rounds of a bench, each thing that is measured as a phase of its own. What is left is told from its second round on: before
 * its first it was started.
 */
export function roundsShown(line: Pick<ProgressLine, "show">): (name: string, done: number, of: number) => void {
  let since = { name: "", at: 0 };
  return (name, done, of) => {
    if (since.name !== name) since = { name, at: performance.now() };
    const secondsLeft = done > 1 ? ((performance.now() - since.at) / 1000 / (done - 1)) * (of - done) : undefined;
    line.show({ phase: name, fraction: done / of, secondsLeft, detail: `round ${done} of ${of}` });
  };
}
