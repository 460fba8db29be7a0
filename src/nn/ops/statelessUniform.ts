import { float32Attribute, nativeBackend } from "../../engine/nativeBackend.js";
import { philox4x32 } from "../../random/philox.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { onNativeKernels } from "./path.js";

/**
 * Uniform numbers in [0, 1), multiples of 2^-23, that are a function of the seed alone (TensorFlow's StatelessRandomUniform).
 *
 * Natively the seed is never read in JavaScript, so a captured step draws new numbers whenever its seed input changes. The
 * portable path reads the seed and runs the same Philox generator here: the same numbers, bit for bit.
 *
 * @param seed `[2]`, int32
 */
export function statelessUniform(shape: number[], seed: TensorFlow.Tensor1D): TensorFlow.Tensor {
  if (!onNativeKernels()) return tf.tensor(drawUniform(shape, seed.dataSync() as Int32Array), shape);
  const backend = nativeBackend();
  const { TF_ATTR_TYPE: type, TF_INT32: int32 } = backend.binding;
  const attributes = [
    { name: "T", type, value: int32 },
    float32Attribute("dtype"),
    { name: "Tseed", type, value: int32 },
  ];
  return backend.executeSingleOutput("StatelessRandomUniform", attributes, [tf.tensor1d(shape, "int32"), seed]);
}

/** TensorFlow 2's `stateless_random_ops.cc`: the seed is stirred once into key and counter; then four numbers a block. */
function drawUniform(shape: number[], [low, high]: Int32Array): Float32Array {
  // A 32-bit seed is widened with its sign.
  const sign = (word: number) => (word < 0 ? 0xffffffff : 0);
  const mix = philox4x32([low!, sign(low!), high!, sign(high!)], [0x3ec8f720, 0x02461e29]);
  const key: [number, number] = [mix[0]!, mix[1]!];
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  const words = new Uint32Array(4);
  for (let block = 0; 4 * block < values.length; block++) {
    philox4x32([block, 0, mix[2]!, mix[3]!], key, words);
    for (let i = 0; i < 4 && 4 * block + i < values.length; i++)
      values[4 * block + i] = (words[i]! & 0x7fffff) / 2 ** 23;
  }
  return values;
}
