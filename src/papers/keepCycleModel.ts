import path from "node:path";
import type { IcbhiSplit } from "../datasets/icbhi/split.js";
import type { TensorFlow } from "../tensorflow.js";
import type { IcbhiInput } from "./icbhiRunData.js";
import type { RunContext } from "./paper.js";
import { preprocessingOf } from "./preprocessing.js";
import { saveModel } from "./savedModel.js";
import type { TestPath } from "./testPath.js";

export interface KeptCycleModel {
  /** What gives logits of the classes. */
  model: TensorFlow.LayersModel;
  split: Pick<IcbhiSplit, "labels" | "classes">;
  /** What its inputs were made of. */
  input: IcbhiInput;
  /** From a clip to its input, of `[rows, frames, channels]`. */
  testPath: TestPath;
  inputShape: readonly [number, number, number];
}

/** Saves a classifier of ICBHI's cycles in its run's folder, with what makes its inputs. */
export function keepCycleModel(
  { model, split, input, testPath, inputShape }: KeptCycleModel,
  { runFolder }: Pick<RunContext, "runFolder">,
): void {
  const { labels, classes } = split;
  const about = { inputShape, task: `icbhi/${classes}-class`, labels };
  const otherwise = { cut: "cycles from the band-limited recording" };
  const preprocessing =
    input === "audio" ? preprocessingOf(testPath, about) : preprocessingOf(testPath, about, otherwise);
  saveModel(model, path.join(runFolder, "model"), preprocessing);
}
