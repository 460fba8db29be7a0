import type { TensorFlow } from "../../tensorflow.js";
import { convBlock5x5, type PannsDropout } from "./pannsBlocks.js";

/**
 * The encoder of PANNs' CNN6 (Kong et al. 2020; papers.md 2.3): four blocks of a 5x5 convolution. Layers have the names of PANNs' modules.
 * 4,304,320 parameters with one input channel.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @returns `[batch, rows / 16, frames / 16, 512]`, each pool rounding down
 * @throws RangeError, with the layer's name, for sides below 16
 */
export function cnn6Encoder(
  inputs: TensorFlow.SymbolicTensor,
  { dropout = 0 }: PannsDropout = {},
): TensorFlow.SymbolicTensor {
  return [64, 128, 256, 512].reduce(
    (x, filters, i) => convBlock5x5(x, `conv_block${i + 1}`, { filters, dropout }),
    inputs,
  );
}
