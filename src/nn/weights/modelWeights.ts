import { type TensorFlow, tf } from "../../tensorflow.js";
import type { NamedTensor } from "./safetensors.js";

/**
 * A model's weights by name, such as "layer1.0.conv1/kernel": copies, running statistics included. Within one layer the names
 * are those of its variables, without the numbers that tfjs appends when a process builds the same model twice. A model within the
 * model stands before its layers' names: "encoder.layer1.0.conv1/kernel".
 */
export function readWeights(model: TensorFlow.LayersModel): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const { name, variable } of namedWeights(model)) {
    tensors.set(name, {
      dtype: "F32",
      shape: variable.shape.slice(),
      values: (variable.dataSync() as Float32Array).slice(),
    });
  }
  return tensors;
}

/** The shapes of a model's weights by name, without their values. */
export function weightShapes(model: TensorFlow.LayersModel): Map<string, number[]> {
  return new Map([...namedWeights(model)].map(({ name, variable }) => [name, variable.shape.slice()]));
}

/**
 * Puts weights into a model built the same way. Throws an Error that names the first weight that is missing or has another
 * shape; the model is then unchanged.
 */
export function writeWeights(model: TensorFlow.LayersModel, tensors: ReadonlyMap<string, NamedTensor>): void {
  const targets = [...namedWeights(model)];
  for (const { name, variable } of targets) {
    const given = tensors.get(name);
    if (!given) throw new Error(`weight ${name} is missing`);
    if (given.shape.join() !== variable.shape.join())
      throw new Error(`weight ${name} has shape [${given.shape}], the model wants [${variable.shape}]`);
  }
  for (const { name, variable } of targets) {
    const { values, shape } = tensors.get(name)!;
    const tensor = tf.tensor(values, shape);
    variable.assign(tensor);
    tensor.dispose();
  }
}

function* namedWeights(
  model: TensorFlow.LayersModel,
  prefix = "",
): Generator<{ name: string; variable: TensorFlow.Variable }> {
  for (const layer of model.layers) {
    const layerName = `${prefix}${layer.name}`;
    if ("layers" in layer) {
      yield* namedWeights(layer as TensorFlow.LayersModel, `${layerName}.`);
      continue;
    }
    for (const weight of layer.weights) {
      const own = weight.originalName.slice(weight.originalName.lastIndexOf("/") + 1);
      yield { name: `${layerName}/${own}`, variable: weight.read() as TensorFlow.Variable };
    }
  }
}
