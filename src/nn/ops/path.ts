import { tf } from "../../tensorflow.js";

let portable = 0;

/**
 * Whether operations may call TensorFlow's kernels by name. On any other backend (a browser's, tfjs's plain "cpu") they take
 * their portable path instead: the same mathematics in plain tfjs operations.
 */
export function onNativeKernels(): boolean {
  return portable === 0 && tf.getBackend() === "tensorflow";
}

/** Runs `body` on the portable paths whatever the backend, so that both can be compared on one machine. */
export function withPortableOps<T>(body: () => T): T {
  portable++;
  try {
    return body();
  } finally {
    portable--;
  }
}
