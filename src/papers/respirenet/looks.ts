import type { Item } from "../../datasets/roles.js";
import { windowsSeen } from "../../evaluation/windowAnswers.js";
import { type CamExample, writeCams } from "../../explain/camFiles.js";
import { type CamMap, gradCamPlusPlus } from "../../explain/gradCam.js";
import { meanCam } from "../../explain/meanCam.js";
import { upsideDown } from "../../explain/upsideDown.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { TestAnswers } from "../evaluator.js";
import { evenly } from "../evenly.js";
import type { RunContext } from "../paper.js";
import type { EvaluatedCycles } from "./evaluatedCycles.js";
import { HOP_SECONDS, respirenetInputShape } from "./frontEnd.js";
import type { RespirenetRecipe } from "./recipe.js";

/** The end of the last residual stage, whose maps Figure 5 is the mean of. */
const LAYER = "layer4.2.relu2";
/** Cycles that are kept with what the network saw, evenly over the test set: of some of them the answer is wrong. */
const EXAMPLES = 24;

export interface Looked {
  model: TensorFlow.LayersModel;
  recipe: RespirenetRecipe;
  labels: readonly string[];
  cycles: EvaluatedCycles;
  /** Of the test set. */
  answers: TestAnswers;
}

/** Leaves in the run's folder what Figures 3 and 5 show: Grad-CAM++ of the decided class, averaged over the test set, and of single cycles. */
export async function leaveLooks(
  { model, recipe, labels, cycles, answers }: Looked,
  { runFolder, signal, progress }: Pick<RunContext, "runFolder" | "signal" | "progress">,
): Promise<void> {
  const { examples, decisions } = answers;
  const inputShape = respirenetInputShape(recipe);
  const seen = windowsSeen(examples.map((example) => cycles.count(example)));
  const started = performance.now();
  const mean = await meanCam({
    ...{ model, layer: LAYER, inputShape, signal, count: seen.length },
    classes: seen.map(({ index }) => decisions[index]!),
    writeInput: (i, out, offset) => cycles.write(examples[seen[i]!.index]!, seen[i]!.window, out, offset),
    onProgress(done, total) {
      const seconds = (performance.now() - started) / 1000;
      const detail = `Grad-CAM++, ${done} of ${total} windows`;
      progress({ phase: "looking", fraction: done / total, secondsLeft: (seconds / done) * (total - done), detail });
    },
  });
  const { imageScale } = recipe;
  const order = evenly(
    examples.map((_, index) => index),
    EXAMPLES,
  );
  writeCams(runFolder, {
    ...{ layer: LAYER, labels, hopSeconds: HOP_SECONDS, windows: seen.length, items: examples.length },
    mean: unenlarged(upsideDown(mean), imageScale),
    examples: order.map((index): CamExample => {
      const { id, label } = examples[index]!;
      const decided = decisions[index]!;
      return { id, label, decided, ...lookAt(examples[index]!, decided, { model, cycles, inputShape, imageScale }) };
    }),
  });
}

/** The first window of a cycle, and what speaks for a class in it. */
function lookAt(
  cycle: Item,
  label: number,
  {
    model,
    cycles,
    inputShape,
    imageScale,
  }: Pick<Looked, "model" | "cycles"> & { inputShape: readonly [number, number, number]; imageScale: number },
): Pick<CamExample, "input" | "map"> {
  const [rows, frames, channels] = inputShape;
  const picture = new Float32Array(rows * frames * channels);
  cycles.write(cycle, 0, picture, 0);
  const inputs = tf.tensor(picture, [1, ...inputShape]);
  try {
    const { maps } = gradCamPlusPlus({ model, layer: LAYER, inputs, classes: [label], resolution: "layer" });
    const grey = Float32Array.from({ length: rows * frames }, (_, at) => {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += picture[at * channels + channel]!;
      return sum / channels;
    });
    return { input: unenlarged(upsideDown({ values: grey, rows, frames }), imageScale), map: upsideDown(maps[0]!) };
  } finally {
    inputs.dispose();
  }
}

/** The mean of each block of `scale` x `scale` pixels. */
function unenlarged({ values, rows, frames }: CamMap, scale: number): CamMap {
  const small = { rows: rows / scale, frames: frames / scale };
  const out = new Float32Array(small.rows * small.frames);
  for (let row = 0; row < rows; row++) {
    for (let frame = 0; frame < frames; frame++) {
      const at = Math.floor(row / scale) * small.frames + Math.floor(frame / scale);
      out[at]! += values[row * frames + frame]! / scale ** 2;
    }
  }
  return { ...small, values: out };
}
