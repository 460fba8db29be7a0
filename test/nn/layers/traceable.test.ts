import { afterEach, expect, test, vi } from "vitest";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { caseInput, layerCases } from "./layerCases.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const all = { ...layerCases, dropout: { make: (name: string) => new Dropout({ rate: 0.5, name }), shape: [5, 6] } };

test.each(Object.entries(all))(
  "%s reads no value in JavaScript and draws nothing there: a step may be captured",
  (_, layerCase) => {
    const layer = layerCase.make("layer");
    const x = tf.variable(caseInput(layerCase));
    const dropoutSeed = tf.tensor1d([1, 2], "int32");
    layer.apply(x);
    const variables = [x, ...layer.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable)];
    const backend = tf.backend() as unknown as { readSync: () => void; read: () => void };
    const reads = [vi.spyOn(backend, "readSync"), vi.spyOn(backend, "read"), vi.spyOn(Math, "random")];
    const call = () => layer.apply(x, { training: true, dropoutSeed } as never) as TensorFlow.Tensor;
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(call())), variables);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
    expect(Object.keys(grads).length).toBe(variables.length);
  },
);
