import { type TensorFlow, tf } from "../../tensorflow.js";
import { lowerMedian } from "../ops/lowerMedian.js";
import { BatchNorm1d } from "./batchNorm1d.js";
import { expectAxes, expectFeatures, type Input, single } from "./call.js";

type SymbolicTensor = TensorFlow.SymbolicTensor;

/** Exponent of the compression at the start (papers.md 2.3). */
const FIRST_EXPONENT = 5;

const axes = ["batch", "frames", "bands"];

/**
 * Logarithms of energies, ln(1 + 10^a x) with a learned exponent a for each band, and what of them lies above their median over time
 * (`lowerMedian`). Input `[batch, frames, bands]`, output `[batch, frames, 2 * bands]`: the logarithms, then the differences.
 *
 * @throws RangeError, with the layer's name, for an input of another number of bands
 */
export class LogMedian extends tf.layers.Layer {
  static readonly className = "AuscultLogMedian";
  private exponents: TensorFlow.LayerVariable | undefined;

  constructor(config: { name: string }) {
    super(config as never);
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, axes);
    const start = tf.initializers.constant({ value: FIRST_EXPONENT });
    this.exponents = this.addWeight("exponents", [inputShape[2]!], "float32", start);
    this.built = true;
  }

  override computeOutputShape([batch, frames, bands]: TensorFlow.Shape): TensorFlow.Shape {
    return [batch!, frames!, 2 * bands!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single<TensorFlow.Tensor3D>(inputs);
      const exponents = this.exponents!.read();
      expectFeatures(this.name, x.shape, axes, exponents.size);
      const logs = tf.log1p(tf.mul(x, tf.pow(10, exponents))) as TensorFlow.Tensor3D;
      const medians = lowerMedian(tf.transpose(logs, [0, 2, 1])); // [batch, bands, 1]
      return tf.concat([logs, tf.sub(logs, tf.transpose(medians, [0, 2, 1]))], 2);
    });
  }
}
tf.serialization.registerClass(LogMedian);

/**
 * EfficientLEAF's compression ("LogTBN", papers.md 2.3): logarithms with a learned exponent a band, the same above their median as a
 * second channel, and batch normalisation over time for each channel and band.
 *
 * @param energies `[batch, frames, bands]`, of a fixed number of frames
 * @returns `[batch, bands, frames, 2]`
 */
export function logTbn(energies: SymbolicTensor, name: string): SymbolicTensor {
  const [, frames, bands] = energies.shape;
  if (!frames) throw new RangeError(`${name}: the number of frames must be fixed, got [${energies.shape}]`);
  const layers = [
    new LogMedian({ name: `${name}.log` }),
    new BatchNorm1d({ name: `${name}.norm` }),
    tf.layers.reshape({ targetShape: [frames, 2, bands!], name: `${name}.channels` }),
    tf.layers.permute({ dims: [3, 1, 2], name: `${name}.maps` }),
  ];
  return layers.reduce((x, layer) => layer.apply(x) as SymbolicTensor, energies);
}
