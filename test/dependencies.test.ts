import * as danfo from "danfojs-node";
import { expect, test } from "vitest";
import { tf } from "../src/tensorflow.js";

test("danfojs computes on the project's own engine: there is one TensorFlow in the process", () => {
  const frame = new danfo.DataFrame({ a: [1, 2], b: [3, 4] });
  expect(frame.tensor).toBeInstanceOf(tf.Tensor);
  expect(danfo.tensorflow.engine()).toBe(tf.engine());
});
