import { type TensorFlow, tf } from "../../tensorflow.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Dropout } from "../layers/dropout.js";
import { Relu } from "../layers/relu.js";
import { apply, averagePool, convBlock, convolution } from "./pannsBlocks.js";

type Symbolic = TensorFlow.SymbolicTensor;

export interface Resnet22Options {
  /** Share of values dropped between the two convolutions of each basic block; unless said 0.1, PANNs' own. */
  dropout?: number;
}

const STAGES = [64, 128, 256, 512];
const BLOCKS_IN_STAGE = 2;

/**
 * The encoder of PANNs' ResNet22 (Kong et al. 2020; papers.md 2.3): a block of two 3x3 convolutions, four stages of two basic blocks, a last
 * average pool. PANNs' block from 512 to 2048 channels is left out (decision 33). Layers have the names of PANNs' modules. 11,204,672
 * parameters with one input channel.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @returns `[batch, rows / 32, frames / 32, 512]`, each pool rounding down
 * @throws RangeError, with the layer's name, for sides below 32
 */
export function resnet22Encoder(inputs: Symbolic, { dropout = 0.1 }: Resnet22Options = {}): Symbolic {
  let x = convBlock(inputs, "conv_block1", { filters: 64 });
  STAGES.forEach((filters, stage) => {
    for (let block = 0; block < BLOCKS_IN_STAGE; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      x = basicBlock(x, `resnet.layer${stage + 1}.${block}`, { filters, stride, dropout });
    }
  });
  return averagePool(x, "resnet.pool", 2);
}

interface BasicBlock {
  filters: number;
  stride: number;
  dropout: number;
}

function basicBlock(inputs: Symbolic, name: string, { filters, stride, dropout }: BasicBlock): Symbolic {
  // PANNs pools once for the convolutions and once for the shortcut, the same map both times.
  const x = averagePool(inputs, `${name}.downsample.0`, stride);
  let y = convolution(x, `${name}.conv1`, { filters, kernelSize: 3 });
  y = apply(new Relu({ name: `${name}.relu1` }), apply(new BatchNorm2d({ name: `${name}.bn1` }), y));
  if (dropout > 0) y = apply(new Dropout({ rate: dropout, name: `${name}.dropout` }), y);
  y = convolution(y, `${name}.conv2`, { filters, kernelSize: 3 });
  // A block starts as its shortcut alone.
  y = apply(new BatchNorm2d({ init: "zeros", name: `${name}.bn2` }), y);
  const sum = apply(tf.layers.add({ name: `${name}.add` }), [y, shortcut(x, name, { filters, stride })]);
  return apply(new Relu({ name: `${name}.relu2` }), sum);
}

function shortcut(x: Symbolic, name: string, { filters, stride }: Omit<BasicBlock, "dropout">): Symbolic {
  if (stride === 1 && x.shape.at(-1) === filters) return x;
  // Place 0 is the pool's.
  const places = stride === 1 ? [0, 1] : [1, 2];
  const y = convolution(x, `${name}.downsample.${places[0]}`, { filters, kernelSize: 1 });
  return apply(new BatchNorm2d({ name: `${name}.downsample.${places[1]}` }), y);
}
