import type { FrontEnd } from "../features/frontEnd.js";

/** No recipe takes more. */
const MOST_SECONDS = 120;

/**
 * How much sound fills a model's input: of the lengths that give as many frames, the one in whole seconds, else the shortest.
 *
 * @param frames of the input
 */
export function inputSeconds(
  { frames: framesOf, sampleRateHz }: Pick<FrontEnd, "frames" | "sampleRateHz">,
  frames: number,
): number {
  // Frames never become fewer with more samples, so the first length with enough of them is found by halving.
  const firstWith = (wanted: number) => {
    let [below, enough] = [0, MOST_SECONDS * sampleRateHz];
    while (enough - below > 1) {
      const middle = Math.floor((below + enough) / 2);
      if (framesOf(middle) < wanted) below = middle;
      else enough = middle;
    }
    return enough;
  };
  const shortest = firstWith(frames);
  const whole = Math.ceil(shortest / sampleRateHz);
  return framesOf(whole * sampleRateHz) === frames ? whole : shortest / sampleRateHz;
}
