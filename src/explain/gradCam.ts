import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { camOfGradients } from "./camOfGradients.js";
import { comesFrom, computed } from "./layerGraph.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Tensor = TensorFlow.Tensor;

/** What is looked into. */
export interface CamTarget {
  /** One output, logits `[batch, classes]`. Of any graph: what bypasses the layer is held as it is. */
  model: TensorFlow.LayersModel;
  /** A layer whose output is a map, `[batch, rows, frames, channels]`, such as "layer4.2.relu2", the last stage's of a ResNet-34. */
  layer: string;
}

/** The class whose logit is explained, for each item; "predicted" takes that of its largest logit. */
export type CamClasses = readonly number[] | "predicted";

export interface GradCamOptions extends CamTarget {
  /** `[batch, rows, frames, ...]` */
  inputs: Tensor;
  classes: CamClasses;
  /** "input", the default: enlarged to the input's rows and frames; "layer": as many as the layer's output has. */
  resolution?: "input" | "layer";
}

/** How much each place of a map counts, from 0 to 1. */
export interface CamMap {
  /** `[rows, frames]`, row-major; rows in the order of the input's. */
  values: Float32Array;
  rows: number;
  frames: number;
}

/**
 * Which places of an input speak for a class, by Grad-CAM++ (`camOfGradients`), in evaluation mode; the model stays as it is. Enlarged
 * bilinearly with half-pixel centres, as OpenCV and torch's `interpolate` with `align_corners=False`, after the map was brought to 0 to 1.
 *
 * @returns of each item its map and the class that is explained
 * @throws UserError for a layer that the model does not have, that gives no map or that does not lead to the logits, and for classes that
 * are none of the model's or not one for each item
 */
export function gradCamPlusPlus({ inputs, classes, resolution = "input", ...target }: GradCamOptions): {
  maps: CamMap[];
  classes: number[];
} {
  const count = inputs.shape[0]!;
  const step = camStep(target);
  const asked = classIndices(target.model, classes, count);
  const found = tf.tidy(() => {
    const answer = step(inputs, tf.tensor1d(asked, "int32"));
    const maps = resolution === "layer" ? answer.maps : enlarged(answer.maps, inputs.shape);
    return { shape: maps.shape, values: maps.dataSync() as Float32Array, classes: [...answer.classes.dataSync()] };
  });
  const [, rows, frames] = found.shape;
  const size = rows * frames;
  const maps = found.classes.map((_, i) => ({ values: found.values.slice(i * size, (i + 1) * size), rows, frames }));
  return { maps, classes: found.classes };
}

/** Tensor operations alone: it may be compiled. `classes`: `[batch]`, int32, asked for (-1: predicted) or explained. */
export type CamStep = (
  inputs: Tensor,
  classes: TensorFlow.Tensor1D,
) => {
  /** `[batch, rows, frames]`, the layer's. */
  maps: TensorFlow.Tensor3D;
  classes: TensorFlow.Tensor1D;
};

/**
 * The maps of a layer, without enlargement.
 *
 * @throws UserError as `gradCamPlusPlus` does
 */
export function camStep({ model, layer }: CamTarget): CamStep {
  const map = mapOf(model, layer);
  const [logits, ...others] = model.outputs as Symbolic[];
  if (others.length > 0 || logits!.shape.length !== 2) {
    const outputs = model.outputs.map(({ shape }) => `[${shape}]`).join(", ");
    throw new UserError(`Grad-CAM++ needs a model with one output, logits [batch, classes]; this one's: ${outputs}`);
  }
  if (!comesFrom(logits!, map)) throw new UserError(`layer "${layer}" does not lead to the model's logits`);
  return (inputs, asked) =>
    tf.tidy(() => {
      const known = new Map([[model.inputs[0]!.id, inputs]]);
      const activations = computed(map, known) as TensorFlow.Tensor4D;
      if (activations.shape[0] !== inputs.shape[0]) {
        const [items, given] = [inputs.shape[0], activations.shape[0]];
        throw new UserError(`layer "${layer}" gives ${given} maps for ${items} items: it is not one for each`);
      }
      const chosen = (values: Tensor) =>
        tf.where(tf.less(asked, 0), tf.argMax(values, -1), asked) as TensorFlow.Tensor1D;
      // Its gradient is that of the chosen logit, whatever comes from above: one pass gives the logits as well.
      const choice = tf.customGrad((...given: unknown[]) => {
        const [values, save] = given as [Tensor, (tensors: Tensor[]) => void];
        save([values]);
        const ofChosen = (dy: Tensor, saved: Tensor[]) =>
          tf.oneHot(chosen(saved[0]!), dy.shape[1]!, 1, 0, "float32") as Tensor;
        return { value: tf.clone(values), gradFunc: ofChosen };
      });
      const after = (activation: Tensor) => choice(computed(logits!, new Map([...known, [map.id, activation]])));
      const everyLogit = tf.ones([inputs.shape[0]!, logits!.shape[1]!]);
      const { value, grad } = tf.valueAndGrad(after)(activations, everyLogit);
      return { maps: camOfGradients(activations, grad as TensorFlow.Tensor4D), classes: chosen(value) };
    });
}

/**
 * For `CamStep`: one for each item, -1 where the prediction is explained.
 *
 * @throws UserError for classes that are none of the model's or not one for each item
 */
export function classIndices(model: TensorFlow.LayersModel, classes: CamClasses, count: number): number[] {
  if (classes === "predicted") return new Array<number>(count).fill(-1);
  if (classes.length !== count) throw new UserError(`${count} items need a class each, got ${classes.length}`);
  const most = model.outputs[0]!.shape.at(-1)!;
  const wrong = classes.find((index) => !Number.isInteger(index) || index < 0 || index >= most);
  if (wrong !== undefined) throw new UserError(`class ${wrong} is none of the model's, which are 0 to ${most - 1}`);
  return [...classes];
}

/**
 * Bilinearly, with half-pixel centres.
 *
 * @param maps `[batch, rows, frames]`
 * @param shape of the inputs, `[batch, rows, frames, ...]`
 * @throws UserError for inputs without rows and frames
 */
export function enlarged(maps: TensorFlow.Tensor3D, shape: readonly number[]): TensorFlow.Tensor3D {
  const [, rows, frames] = shape;
  if (rows === undefined || frames === undefined) {
    throw new UserError(`inputs of shape [${shape}] have no rows and frames to enlarge a map to`);
  }
  const resize = (images: TensorFlow.Tensor4D) => tf.image.resizeBilinear(images, [rows, frames], false, true);
  return tf.tidy(() => tf.squeeze(resize(tf.expandDims(maps, 3)), [3]));
}

/** What a layer gives. */
function mapOf(model: TensorFlow.LayersModel, name: string): Symbolic {
  const layer = model.layers.find((one) => one.name === name);
  const outputs = layer ? outputsOf(layer) : [];
  const [output] = outputs;
  if (outputs.length === 1 && isMap(output!)) return output!;
  const maps = model.layers.filter((one) => outputsOf(one).length === 1 && isMap(outputsOf(one)[0]!));
  const shapes = outputs.map(({ shape }) => `[${shape.map((size) => size ?? "batch").join(", ")}]`).join(" and ");
  const wrong = layer
    ? `layer "${name}" gives ${shapes}, no map [batch, rows, frames, channels]`
    : `the model has no layer "${name}"`;
  throw new UserError(`${wrong}; layers that give a map: ${maps.map((one) => one.name).join(", ") || "none"}`);
}

const isMap = ({ shape }: Symbolic) => shape.length === 4;

/** Of every use of a layer. */
function outputsOf(layer: TensorFlow.layers.Layer): Symbolic[] {
  return layer.inboundNodes.flatMap((_, use) => layer.getOutputAt(use));
}
