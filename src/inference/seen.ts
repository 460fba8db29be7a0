import { UserError } from "../userError.js";
import type { Seen } from "./answer.js";
import type { SeenOutput } from "./manifest.js";
import type { NetworkAnswer } from "./runtime.js";

/** Name of the network's second output. */
export const SEEN_OUTPUT = "seen";

/**
 * What a network looked at, as answers have it: output by output, the lowest band first.
 *
 * @param given of one map, `[1, rows, frames, outputs]`
 * @throws UserError for another shape than the manifest's
 */
export function seenOf({ values, shape }: NonNullable<NetworkAnswer["also"]>, about: SeenOutput): Seen {
  const { kind, rows, frames, outputs, upsideDown = false } = about;
  const wanted = [1, rows, frames, outputs];
  if (shape.join() !== wanted.join() || values.length !== rows * frames * outputs) {
    throw new UserError(`the network's output ${SEEN_OUTPUT} is [${shape}]; the manifest says [${wanted}]`);
  }
  const own = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const from = upsideDown ? rows - 1 - row : row;
    for (let frame = 0; frame < frames; frame++) {
      for (let output = 0; output < outputs; output++) {
        own[(output * rows + row) * frames + frame] = values[(from * frames + frame) * outputs + output]!;
      }
    }
  }
  return { kind, rows, frames, values: own };
}
