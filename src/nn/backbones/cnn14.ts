import type { TensorFlow } from "../../tensorflow.js";
import { convBlock, type PannsDropout } from "./pannsBlocks.js";

const BLOCKS = [64, 128, 256, 512, 1024, 2048];

/**
 * The encoder of PANNs' CNN14 (Kong et al. 2020; papers.md 2.3): six blocks of two 3x3 convolutions, the last one without a pool. Layers
 * have the names of PANNs' modules. 75,477,312 parameters with one input channel.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @returns `[batch, rows / 32, frames / 32, 2048]`, each pool rounding down
 * @throws RangeError, with the layer's name, for sides below 32
 */
export function cnn14Encoder(
  inputs: TensorFlow.SymbolicTensor,
  { dropout = 0 }: PannsDropout = {},
): TensorFlow.SymbolicTensor {
  return BLOCKS.reduce((x, filters, i) => {
    const pool = i < BLOCKS.length - 1 ? 2 : 1;
    return convBlock(x, `conv_block${i + 1}`, { filters, pool, dropout });
  }, inputs);
}
