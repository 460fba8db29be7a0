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
 * @param processorHas whether the processor multiplies in bf16 itself; undefined where that is not known
 * @returns one sentence
 * Throws UserError where a GPU computes: TensorFlow rewrites operations that are on a processor, and leaves the others in float32.
 */
export function aboutBf16(device: string, processorHas: boolean | undefined): string {
  if (device !== "cpu")
    throw new UserError(`--precision bf16: only where the processor computes; here it is the ${device}. Leave it out`);
  const experimental = 'bf16 is experimental: its numbers stand in cells of their own (README, "Precision")';
  if (processorHas === true) return experimental;
  const slow = "TensorFlow emulates them, in three to ten times the time of float32";
  if (processorHas === false) return `${experimental}; this processor has no instructions for it: ${slow}`;
  return `${experimental}; whether this processor has instructions for it is not known: where it has none, ${slow}`;
}
