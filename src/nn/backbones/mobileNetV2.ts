import { type TensorFlow, tf } from "../../tensorflow.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Relu6 } from "../layers/relu6.js";
import { apply, averagePool, convolution } from "./pannsBlocks.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** Times the channels are widened within, channels given, blocks, stride of the first. */
const SETTINGS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 2],
  [6, 160, 3, 1],
  [6, 320, 1, 1],
] as const;

/**
 * The encoder of PANNs' MobileNetV2 of width 1 (Sandler et al. 2018, as Kong et al. 2020 have it; papers.md 2.3): inverted residuals of
 * depthwise convolutions, ReLU6. Where the original has strides, an average pool follows a convolution of stride 1; the fifth setting has
 * the stride that the original gives the sixth. Layers have the names of PANNs' modules. 2,223,296 parameters with one input channel.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @returns `[batch, rows / 32, frames / 32, 1280]`, each pool rounding down
 * @throws RangeError, with the layer's name, for sides below 32
 */
export function mobileNetV2Encoder(inputs: Symbolic): Symbolic {
  let place = 0;
  let x = inSequence(inputs, `features.${place++}`, [conv3x3(32), pool(2), norm, relu6]);
  for (const [expand, filters, blocks, stride] of SETTINGS) {
    for (let block = 0; block < blocks; block++) {
      x = invertedResidual(x, `features.${place++}`, { expand, filters, stride: block === 0 ? stride : 1 });
    }
  }
  return inSequence(x, `features.${place}`, [pointwise(1280), norm, relu6]);
}

interface InvertedResidual {
  expand: number;
  filters: number;
  stride: number;
}

function invertedResidual(x: Symbolic, name: string, { expand, filters, stride }: InvertedResidual): Symbolic {
  const channels = x.shape.at(-1)!;
  const hidden = channels * expand;
  const widening = expand === 1 ? [] : [pointwise(hidden), norm, relu6];
  const depthwise = [conv3x3(hidden, hidden), pool(stride), norm, relu6];
  const y = inSequence(x, `${name}.conv`, [...widening, ...depthwise, pointwise(filters), norm]);
  if (stride !== 1 || channels !== filters) return y;
  return apply(tf.layers.add({ name: `${name}.add` }), [x, y]);
}

type Step = (x: Symbolic, name: string) => Symbolic;

/** Each step's layer is named by its place, as in PyTorch's `Sequential`; a pool of size 1 has a place and no layer. */
function inSequence(inputs: Symbolic, name: string, steps: readonly Step[]): Symbolic {
  return steps.reduce((x, step, place) => step(x, `${name}.${place}`), inputs);
}

function conv3x3(filters: number, groups = 1): Step {
  return (x, name) => convolution(x, name, { filters, kernelSize: 3, groups });
}

function pointwise(filters: number): Step {
  return (x, name) => convolution(x, name, { filters, kernelSize: 1 });
}

function pool(size: number): Step {
  return (x, name) => averagePool(x, name, size);
}

const norm: Step = (x, name) => apply(new BatchNorm2d({ name }), x);

const relu6: Step = (x, name) => apply(new Relu6({ name }), x);
