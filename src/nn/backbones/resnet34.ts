import type { TensorFlow } from "../../tensorflow.js";
import { type InputShape, type ResNetOptions, resnet, type StageBlocks } from "./resnet.js";

export const resnet34Blocks: StageBlocks = [3, 4, 6, 3];

/**
 * ResNet-34 and a linear classifier. Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`. With three input
 * channels the encoder has 21,284,672 parameters (papers.md 5.3).
 */
export function resnet34(input: InputShape, classes: number, options?: ResNetOptions): TensorFlow.LayersModel {
  return resnet("resnet34", resnet34Blocks, input, classes, options);
}
