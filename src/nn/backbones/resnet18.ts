import type { TensorFlow } from "../../tensorflow.js";
import { type InputShape, type ResNetOptions, resnet, type StageBlocks } from "./resnet.js";

export const resnet18Blocks: StageBlocks = [2, 2, 2, 2];

/**
 * ResNet-18 and a linear classifier. Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`. With one input
 * channel the encoder has 11,170,240 parameters (papers.md 3.3).
 */
export function resnet18(input: InputShape, classes: number, options?: ResNetOptions): TensorFlow.LayersModel {
  return resnet("resnet18", resnet18Blocks, input, classes, options);
}
