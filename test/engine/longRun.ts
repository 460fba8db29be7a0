import { applyInPlace } from "../../src/engine/applyInPlace.js";
import { compile } from "../../src/engine/compile.js";
import { nativeBackend, typeAttribute } from "../../src/engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

export interface Growth {
  tensors: number;
  handles: number;
  residentMegabytes: number;
}

const SIDE = 512;

/**
 * Steps on one megabyte of weights and two of slots, with an evaluation now and then: what has grown from step 50 on. A copy that is left
 * behind in each step is at least a megabyte a step.
 */
export function growthOver(steps: number): Growth {
  const zeros = () => tf.tidy(() => tf.variable(tf.zeros([SIDE, SIDE])));
  const [weight, first, second] = [zeros(), zeros(), zeros()] as [TensorFlow.Variable, ...TensorFlow.Variable[]];
  const statistics = tf.tidy(() => tf.variable(tf.zeros([SIDE]), false));
  const step = compile((x: TensorFlow.Tensor, numbers: TensorFlow.Tensor) => {
    const [rate, epsilon] = tf.unstack(numbers) as [TensorFlow.Scalar, TensorFlow.Scalar];
    const { value, grads } = tf.variableGrads(() => {
      const y: TensorFlow.Tensor2D = tf.matMul(x as TensorFlow.Tensor2D, weight as TensorFlow.Tensor2D);
      statistics.assign(tf.add(tf.mul(statistics, 0.9), tf.mean(y, 0)));
      return tf.mean(tf.square(tf.sub(y, 1))) as TensorFlow.Scalar;
    }, [weight]);
    const constants = [0, 0].map((zero) => tf.scalar(zero));
    const attributes = [typeAttribute("T", nativeBackend().binding.TF_FLOAT)];
    const inputs = [...constants, rate, tf.scalar(0.9), tf.scalar(0.999), epsilon, grads[weight.name]!];
    applyInPlace("ResourceApplyAdam", attributes, [weight, first!, second!], inputs);
    return value;
  });
  const evaluate = compile((x: TensorFlow.Tensor) =>
    tf.matMul(x as TensorFlow.Tensor2D, weight as TensorFlow.Tensor2D),
  );
  const look = () => ({
    tensors: tf.memory().numTensors,
    handles: nativeBackend().binding.getNumOfTensors(),
    residentMegabytes: process.memoryUsage.rss() / 1e6,
  });
  let before = look();
  for (let i = 0; i < steps; i++) {
    if (i === 50) before = look();
    const x = tf.tensor2d(
      Float32Array.from({ length: 4 * SIDE }, (_, k) => Math.sin(k + i)),
      [4, SIDE],
    );
    const numbers = tf.tensor1d([1e-3 / (1 + i), 1e-8]);
    const loss = step(x, numbers);
    loss.dataSync();
    if (i % 10 === 0) {
      const kept = weight.clone();
      tf.dispose([evaluate(x)]);
      weight.dataSync();
      kept.dispose();
    }
    tf.dispose([x, numbers, loss]);
  }
  weight.clone().dispose();
  const after = look();
  step.dispose();
  evaluate.dispose();
  tf.dispose([weight, first!, second!, statistics]);
  return {
    tensors: after.tensors - before.tensors,
    handles: after.handles - before.handles,
    residentMegabytes: after.residentMegabytes - before.residentMegabytes,
  };
}
