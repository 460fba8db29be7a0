import { camOfGradients } from "../../explain/camOfGradients.js";
import { lastMap, layersBehind } from "../../explain/lastMap.js";
import { computed } from "../../explain/layerGraph.js";
import type { SeenOutput } from "../../inference/manifest.js";
import { AttentionPool } from "../../nn/layers/attentionPool.js";
import { Recurrent } from "../../nn/layers/recurrent.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;
type Symbolic = TensorFlow.SymbolicTensor;

/** What an exported graph tells of where it looked. */
export interface Look {
  about: Pick<SeenOutput, "kind" | "rows" | "frames" | "outputs">;
  /** What it is computed from: the last map, or what attention is paid to. */
  at: Symbolic;
  /** From its value to what the graph gives: `logits`, `[batch, outputs]`, and `seen`, `[batch, rows, frames, outputs]`. */
  answers(value: Tensor): { logits: Tensor; seen: Tensor };
}

/** With more of the weights behind the last map than this, the way back is not cheap beside the way there. */
const LARGEST_SHARE_BEHIND = 0.5;

/**
 * Where a network can tell what it looked at in the pass that gives its logits: by Grad-CAM++ of its last map (`lastMap`), else by its attention
 * over time.
 *
 * @returns where it cannot, the reason, a clause
 */
export function lookOf(network: TensorFlow.LayersModel): Look | { none: string } {
  const map = lastMap(network);
  const costs = map && costsOf(network, map);
  if (map && costs === undefined) return camLook(network, map);
  const pool = network.layers.find((layer): layer is AttentionPool => layer instanceof AttentionPool);
  if (pool) return attentionLook(network, pool);
  return { none: costs ?? "it has neither a last map for each item nor attention over time" };
}

/** Why gradients of a map are not worth their place; undefined where they are. */
function costsOf(network: TensorFlow.LayersModel, map: Symbolic): string | undefined {
  const behind = layersBehind(network, map);
  if (behind.some((layer) => layer instanceof Recurrent)) return "a recurrence stands behind its last map";
  const share = behind.reduce((sum, layer) => sum + layer.countParams(), 0) / network.countParams();
  if (share <= LARGEST_SHARE_BEHIND) return undefined;
  return `${Math.round(100 * share)} % of its weights stand behind its last map with the sides of the input, and gradients would come back through them`;
}

function camLook(network: TensorFlow.LayersModel, at: Symbolic): Look {
  const logits = network.outputs[0]!;
  const [, rows, frames] = at.shape as number[];
  const outputs = logits.shape[1]!;
  const after = (value: Tensor) => computed(logits, new Map([[at.id, value]]));
  return {
    ...{ at, about: { kind: "grad-cam++", rows: rows!, frames: frames!, outputs } },
    answers: (value) =>
      tf.tidy(() => {
        // The way from the map to the logits is the same each time: converters keep one of equal operations.
        const passes = Array.from({ length: outputs }, (_, output) => {
          const ofOutput = tf.tensor2d(new Float32Array(outputs).fill(1, output, output + 1), [1, outputs]);
          return tf.valueAndGrad(after)(value, tf.tile(ofOutput, [value.shape[0]!, 1]));
        });
        const maps = passes.map(({ grad }) =>
          camOfGradients(value as TensorFlow.Tensor4D, grad as TensorFlow.Tensor4D),
        );
        return { logits: passes[0]!.value, seen: tf.stack(maps, 3) };
      }),
  };
}

function attentionLook(network: TensorFlow.LayersModel, layer: AttentionPool): Look {
  const at = layer.input as Symbolic;
  const frames = at.shape[1]!;
  return {
    ...{ at, about: { kind: "attention", rows: 1, frames, outputs: 1 } },
    answers: (value) =>
      tf.tidy(() => ({
        logits: computed(network.outputs[0]!, new Map([[at.id, value]])),
        seen: tf.reshape(layer.attention(value as TensorFlow.Tensor3D), [-1, 1, frames, 1]),
      })),
  };
}
