import type { Bf16Rate } from "../node/processor.js";
import type { Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";

const PRECISIONS: readonly Precision[] = ["float32", "bf16"];

/** The precision of that name. Throws UserError, with those there are, for any other word. */
export function precisionNamed(word: string): Precision {
  const found = PRECISIONS.find((one) => one === word);
  if (!found) throw new UserError(`--precision ${word}: must be ${PRECISIONS.join(" or ")}`);
  return found;
}

/**
 * What people must hear before steps are computed in bf16 here.
 *
 * @param device what computes, as `engineDevice` names it: "cpu", or "gpu (...)"
 * @param rate how fast the processor is in bf16; undefined where that is not known
 * @returns one sentence
 * Throws UserError where a GPU computes: TensorFlow rewrites operations that are on a processor, and leaves the others in float32.
 */
export function aboutBf16(device: string, rate: Bf16Rate | undefined): string {
  if (device !== "cpu")
    throw new UserError(`--precision bf16: only where the processor computes; here it is the ${device}. Leave it out`);
  const experimental = 'bf16 is experimental: its numbers stand in cells of their own (README, "Precision")';
  const slow = "TensorFlow emulates them, in three to ten times the time of float32";
  switch (rate) {
    case "full":
      return experimental;
    case "half":
      return `${experimental}; this processor has slow instructions for it: steps take longer than in float32`;
    case "emulated":
      return `${experimental}; this processor has no instructions for it: ${slow}`;
    case undefined:
      return `${experimental}; whether this processor has instructions for it is not known: where it has none, ${slow}`;
  }
}
