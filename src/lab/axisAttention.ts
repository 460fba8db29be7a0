import { type Figure, withNote } from "../figures/figure.js";
import { type MapProfile, mapProfiles } from "../figures/mapProfiles.js";
import { ATTENTION_OVER, glancegazeAttention, meanAttention } from "../papers/glancegaze/network.js";
import type { LoadedModel } from "../papers/loadModel.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { type Slot, show } from "./display.js";
import type { LookOptions, Sound } from "./lookAndListen.js";
import { rowHertz } from "./rowHertz.js";
import { seenMap } from "./seenMap.js";
import { withSound } from "./withSound.js";

type Looked = Pick<LoadedModel, "network" | "path">;
type Clip = Pick<Sound, "samples" | "sampleRateHz">;

/** What a stage weighs rows and frames by. */
export interface StageAttention {
  /** [rows of the input / `cells`], rounded down; the mean is 1. */
  rows: Float32Array;
  /** [frames of the input / `cells`], rounded down; the mean is 1. */
  frames: Float32Array;
  /** Rows, and frames, of the input that a weight stands for: 1, 2 and 4. */
  cells: number;
}

/**
 * Shows what a Glance-and-Gaze network weighs in a sound, and plays the sound: the network's input with a profile of each stage beside its
 * rows and under its frames, beneath them the whole sound with its waveform, spectrogram and player.
 *
 * @throws UserError for a network without glance
 */
export function axisAttention(model: Looked, clip: Clip, options: LookOptions = {}, slot?: Slot): void {
  show(axisAttentionForms(model, clip, options), slot);
}

/** What `axisAttention` shows, by MIME type. */
export function axisAttentionForms(model: Looked, clip: Clip, options: LookOptions = {}): Record<string, string> {
  return withSound([axisAttentionFigure(model, clip, options)], options.title ?? TITLE, clip, options);
}

const TITLE = "Weights along frequency and time";

/**
 * The picture alone: of each stage `stageAttention`, on the input's own axes in hertz and seconds, from the input's beginning, so that what
 * was cut off or repeated on the way is seen as the network sees it.
 */
export function axisAttentionFigure(
  { network, path }: Looked,
  { samples, sampleRateHz }: Clip,
  options: LookOptions = {},
): Figure {
  const [map] = path.maps(samples, sampleRateHz);
  const hertz = rowHertz(path.frontEnd);
  const inputs = tf.tensor4d(map!.data, [1, map!.rows, map!.frames, map!.channels ?? 1]);
  try {
    const stages = stageAttention(network, inputs);
    return mapProfiles(
      {
        map: { ...seenMap(map!, path.frontEnd), ...(hertz && { rowLabel: "frequency (Hz)", rowValues: hertz }) },
        profiles: stages.map((stage, i): MapProfile => ({ name: `stage ${i + 1}`, ...stage })),
        ...{ rowsLabel: "weight of a row", framesLabel: "weight of a frame", reference: 1 },
      },
      withNote({ title: TITLE, ...options }, "mean over channels, in multiples of the mean weight"),
    );
  } finally {
    inputs.dispose();
  }
}

/**
 * The weights of each stage, as means over its C channels in multiples of the mean weight. With w_f[i, c] of row i and channel c, of I rows:
 *
 *     rows[i] = (sum over c of w_f[i, c] / C) / (sum over k and c of w_f[k, c] / (C I))
 *
 * and the same of w_t along the frames. The divisor is 1 where the softmax is multiplied by the length of its axis (decision 52), and 1 / I
 * without; by it both forms are shown alike. A mean near 1 does not say that the channels weigh evenly: they may weigh against each other.
 *
 * @param inputs `[1, rows, frames, channels]`
 * @throws UserError for a network without glance
 * @see papers.md 4.3
 */
export function stageAttention(network: TensorFlow.LayersModel, inputs: TensorFlow.Tensor4D): StageAttention[] {
  if (!hasGlance(network)) {
    throw new UserError(
      `${network.name} has no glance: it weighs neither rows nor frames. What it looks at is seen by Grad-CAM++`,
    );
  }
  return tf.tidy(() => {
    const weights = glancegazeAttention(network).predict(inputs) as TensorFlow.Tensor3D[];
    const profile = (of: TensorFlow.Tensor3D): Float32Array => {
      const means = meanAttention(of); // [1, places]
      return tf.div(means, tf.mean(means)).dataSync() as Float32Array;
    };
    return ATTENTION_OVER.map((_, stage) => ({
      rows: profile(weights[2 * stage]!),
      frames: profile(weights[2 * stage + 1]!),
      cells: 2 ** stage,
    }));
  });
}

function hasGlance({ layers }: TensorFlow.LayersModel): boolean {
  const names = new Set(layers.map(({ name }) => name));
  return ATTENTION_OVER.every(({ frequency, time }) => names.has(frequency) && names.has(time));
}
