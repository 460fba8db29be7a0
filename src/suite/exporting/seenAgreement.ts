import { gradCamPlusPlus } from "../../explain/gradCam.js";
import { computed } from "../../explain/layerGraph.js";
import type { AttentionPool } from "../../nn/layers/attentionPool.js";
import { Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { joined } from "./exportedNetwork.js";
import { greatestDifference } from "./greatestDifference.js";
import type { Look } from "./look.js";

/** Maps of what was looked at may differ from the training network's by as much of their largest value. */
export const GREATEST_SEEN_DIFFERENCE = 1e-3;

/** How far formats show alike what was looked at, in shares of a map's largest value. */
export interface SeenAgreement {
  /** Maps, one of each item and output, that were compared. */
  maps: number;
  /** Those that were not: rounding decides what they show (`steadyMaps`). */
  unsteady: number;
  /** Greatest difference from the training network's, by format, float32. */
  seen: Readonly<Record<string, number>>;
  /** Of int8: the mean difference from it. */
  int8: number;
}

/** What of where it looked goes out with a network: a look, when it was compared with its agreement; or the reason, a clause, why none. */
export type Seen =
  | { look: Look; agreement?: SeenAgreement; none?: undefined }
  | { look?: undefined; agreement?: undefined; none: string };

/** Of some items what was looked at for each output: [items * outputs] of [rows * frames]. */
type SeenMaps = Float32Array[];

/**
 * Holds what formats show against Grad-CAM++, or attention, of the training network.
 *
 * @param items maps that the network is asked for, each [rows, frames, channels]
 * @param formats what they show of these items, each `[items, rows, frames, outputs]`
 */
export function seenAgreement(
  network: TensorFlow.LayersModel,
  look: Look,
  items: readonly Float32Array[],
  shape: readonly number[],
  { int8, ...formats }: { readonly [format: string]: Float32Array; readonly int8: Float32Array },
): SeenAgreement {
  const wanted = trainedMaps(network, look, items, shape);
  const steady = steadyMaps(wanted, trainedMaps(network, look, disturbed(items), shape));
  const compared = (values: Float32Array, compare: (given: Float32Array, wanted: Float32Array) => number) =>
    mapsOf(values, look).flatMap((map, i) => (steady[i] ? [compare(scaled(map, wanted[i]!), scaled(wanted[i]!))] : []));
  const count = steady.filter(Boolean).length;
  const means = compared(int8, meanDifference);
  return {
    maps: count,
    unsteady: steady.length - count,
    seen: Object.fromEntries(
      Object.entries(formats).map(([name, values]) => [name, Math.max(0, ...compared(values, greatestDifference))]),
    ),
    int8: means.reduce((sum, one) => sum + one, 0) / Math.max(1, count),
  };
}

/** What the training network shows, by the code that its own pictures are made with. */
function trainedMaps(
  network: TensorFlow.LayersModel,
  { at, about }: Look,
  items: readonly Float32Array[],
  shape: readonly number[],
): SeenMaps {
  return tf.tidy(() => {
    const inputs = tf.tensor(joined(items), [items.length, ...shape]);
    if (about.kind === "attention") {
      const given = computed(at, new Map([[network.inputs[0]!.id, inputs]])) as TensorFlow.Tensor3D;
      const pool = network.layers.find((layer): layer is AttentionPool => layer.input === at)!;
      return mapsOf(pool.attention(given).dataSync() as Float32Array, { about });
    }
    const byOutput = Array.from({ length: about.outputs }, (_, output) => {
      const classes = items.map(() => output);
      return gradCamPlusPlus({ model: network, layer: at.sourceLayer.name, inputs, classes, resolution: "layer" }).maps;
    });
    return items.flatMap((_, item) => byOutput.map((maps) => maps[item]!.values));
  });
}

function mapsOf(values: Float32Array, { about: { rows, frames, outputs } }: Pick<Look, "about">): SeenMaps {
  const size = rows * frames;
  return Array.from({ length: values.length / size }, (_, k) => {
    const [item, output] = [Math.floor(k / outputs), k % outputs];
    return Float32Array.from({ length: size }, (__, place) => values[(item * size + place) * outputs + output]!);
  });
}

/** How much of a value the disturbance is: a few times what single precision leaves open behind dozens of layers. */
const DISTURBANCE = 1e-5;

/**
 * Which maps are more than rounding. A map is brought to 0 to 1, so where a label's gradients cancel, or two places are equal to the last digit,
 * what it shows hangs on the order of sums; such a map moves when its input is disturbed by about as much as rounding does.
 */
function steadyMaps(maps: SeenMaps, ofDisturbed: SeenMaps): boolean[] {
  return maps.map((map, i) => greatestDifference(scaled(ofDisturbed[i]!, map), scaled(map)) < GREATEST_SEEN_DIFFERENCE);
}

function disturbed(items: readonly Float32Array[]): Float32Array[] {
  const rng = new Streams(0).stream("disturbed input of an export");
  return items.map((item) => item.map((value) => value * (1 + DISTURBANCE * (2 * rng.uniform() - 1))));
}

/** In shares of the largest value of `by`; a map of zeros stays one. */
function scaled(map: Float32Array, by = map): Float32Array {
  const largest = by.reduce((most, value) => Math.max(most, value), 0);
  return largest > 0 ? map.map((value) => value / largest) : map;
}

function meanDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]!), 0) / one.length;
}
