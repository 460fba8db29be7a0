import { float32Attribute, nativeBackend } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { onNativeKernels } from "./path.js";

type Tensor = TensorFlow.Tensor;

/**
 * max(x, 0), any shape. The gradient at 0 is 0, as in PyTorch. Natively with TensorFlow's ReluGrad kernel as its gradient: one
 * pass over memory, where tfjs composes three.
 */
export function relu<T extends Tensor>(x: T): T {
  if (!onNativeKernels()) return tf.relu(x);
  return rectifier("Relu", x);
}

/** min(max(x, 0), 6), any shape (`torch.nn.ReLU6`). The gradient is 0 at 0 and at 6, as in PyTorch; tfjs's own is 1 at 6. */
export function relu6<T extends Tensor>(x: T): T {
  if (onNativeKernels()) return rectifier("Relu6", x);
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    save([value]);
    return {
      value: tf.relu6(value),
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor =>
        tf.mul(dy, tf.cast(tf.logicalAnd(tf.greater(saved[0]!, 0), tf.less(saved[0]!, 6)), "float32")),
    };
  });
  return operation(x) as T;
}

function rectifier<T extends Tensor>(name: "Relu" | "Relu6", x: T): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const backend = nativeBackend();
    const y: Tensor = backend.executeSingleOutput(name, [float32Attribute("T")], [value]);
    save([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor =>
        backend.executeSingleOutput(`${name}Grad`, [float32Attribute("T")], [dy, saved[0]]),
    };
  });
  return operation(x) as T;
}
