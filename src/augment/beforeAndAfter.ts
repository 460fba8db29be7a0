import type { Json } from "../features/canonicalJson.js";
import type { Augmentation } from "./augmentation.js";

/** An input, what an augmentation made of it, and how. */
export interface BeforeAndAfter<Input, Parameters extends Json = Json> {
  before: Input;
  after: Input;
  parameters: Parameters;
  /** The parameters, for a caption. */
  words: string;
}

/** Applies drawn parameters and keeps both sides: plain data for a figure. */
export function beforeAndAfter<Input, Parameters extends Json>(
  augmentation: Augmentation<Input, Parameters>,
  before: Input,
  parameters: Parameters,
): BeforeAndAfter<Input, Parameters> {
  return {
    before,
    after: augmentation.apply(before, parameters),
    parameters,
    words: augmentation.describe(parameters),
  };
}
