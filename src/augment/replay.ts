import { canonicalJson, type Json } from "../features/canonicalJson.js";
import { UserError } from "../userError.js";
import { augmentationDigestText, type Drawable } from "./augmentation.js";

/** What was drawn, and from what, as one line of JSON. */
export function writeDraw<Parameters extends Json>(augmentation: Drawable<Parameters>, parameters: Parameters): string {
  return canonicalJson({ augmentation: augmentationDigestText(augmentation), parameters });
}

/**
 * Parameters that `writeDraw` wrote: applied again, they give the same bits.
 *
 * @throws UserError for text that is no draw, and for one of another augmentation, other options or an older code
 */
export function readDraw<Parameters extends Json>(augmentation: Drawable<Parameters>, text: string): Parameters {
  let draw: unknown;
  try {
    draw = JSON.parse(text);
  } catch (error) {
    throw new UserError(`draw of ${augmentation.name}: not JSON (${(error as Error).message})`);
  }
  if (typeof draw !== "object" || draw === null || !("augmentation" in draw) || !("parameters" in draw))
    throw new UserError(`draw of ${augmentation.name}: must hold "augmentation" and "parameters"`);
  const here = augmentationDigestText(augmentation);
  if (draw.augmentation !== here)
    throw new UserError(`draw of ${augmentation.name}: drawn from ${String(draw.augmentation)}, here there is ${here}`);
  return draw.parameters as Parameters;
}
