import type { TensorFlow } from "../../tensorflow.js";
import { AvgPool2d } from "../layers/avgPool2d.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Conv2d } from "../layers/conv2d.js";
import { Dropout } from "../layers/dropout.js";
import { Relu } from "../layers/relu.js";

type Symbolic = TensorFlow.SymbolicTensor;

export interface PannsDropout {
  /** Share of values dropped after each block, with its pool. PANNs trains with 0.2; unless said 0 (papers.md 2.3). */
  dropout?: number;
}

export interface PannsBlock {
  filters: number;
  /** Of the average pool at the end; 1: there is none. Unless said 2. */
  pool?: number;
  /** After the pool; unless said 0. */
  dropout?: number;
}

export function apply(layer: TensorFlow.layers.Layer, x: Symbolic | Symbolic[]): Symbolic {
  return layer.apply(x) as Symbolic;
}

export interface PannsConvolution {
  filters: number;
  /** Odd. */
  kernelSize: number;
  groups?: number;
}

/** A convolution of PANNs: stride 1, as much padding as keeps the sides, no bias, starting Xavier uniform. */
export function convolution(x: Symbolic, name: string, shape: PannsConvolution): Symbolic {
  return apply(new Conv2d({ ...shape, padding: (shape.kernelSize - 1) / 2, init: "xavier-uniform", name }), x);
}

/** PANNs' strides: windows side by side, a shorter rest left out. Of size 1 there is none. */
export function averagePool(x: Symbolic, name: string, size: number): Symbolic {
  return size === 1 ? x : apply(new AvgPool2d({ size, name }), x);
}

/** `[batch, rows, frames, channels]` to `[batch, rows / pool, frames / pool, filters]`, rounded down: a 5x5 convolution, norm, ReLU, pool. */
export function convBlock5x5(inputs: Symbolic, name: string, block: PannsBlock): Symbolic {
  return blockEnd(convNormRelu(inputs, name, 1, { filters: block.filters, kernelSize: 5 }), name, block);
}

/** The same of two 3x3 convolutions, each with norm and ReLU. */
export function convBlock(inputs: Symbolic, name: string, block: PannsBlock): Symbolic {
  const shape = { filters: block.filters, kernelSize: 3 };
  return blockEnd(convNormRelu(convNormRelu(inputs, name, 1, shape), name, 2, shape), name, block);
}

function convNormRelu(x: Symbolic, block: string, place: number, shape: PannsConvolution): Symbolic {
  const y = convolution(x, `${block}.conv${place}`, shape);
  return apply(new Relu({ name: `${block}.relu${place}` }), apply(new BatchNorm2d({ name: `${block}.bn${place}` }), y));
}

function blockEnd(x: Symbolic, name: string, { pool = 2, dropout = 0 }: PannsBlock): Symbolic {
  const y = averagePool(x, `${name}.pool`, pool);
  return dropout === 0 ? y : apply(new Dropout({ rate: dropout, name: `${name}.dropout` }), y);
}
