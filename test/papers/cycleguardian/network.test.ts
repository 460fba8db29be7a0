import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { FoldedModel } from "../../../src/nn/foldedModel.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { encodeSafetensors } from "../../../src/nn/weights/safetensors.js";
import {
  type CycleguardianShape,
  PRINTED_SHAPES,
  parameterCounts,
} from "../../../src/papers/cycleguardian/geometry.js";
import { groupMix, type Mixing } from "../../../src/papers/cycleguardian/groupMix.js";
import { inside } from "../../../src/papers/cycleguardian/inside.js";
import {
  type CycleguardianNetwork,
  type CycleguardianNetworkOptions,
  cycleguardianNetwork,
} from "../../../src/papers/cycleguardian/network.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { everyThird, expectLikeTorch, lossOf, narrow, reached, snippetWeights } from "./likeTorch.js";

const { paper, authors } = PRINTED_SHAPES;
const made: CycleguardianNetwork[] = [];
const built = (shape: CycleguardianShape, options: CycleguardianNetworkOptions) => {
  const network = cycleguardianNetwork(shape, options);
  made.push(network);
  return network;
};
afterEach(() => {
  for (const { whole } of made.splice(0)) whole.dispose();
});

const sizeOf = (weights: readonly TensorFlow.LayerVariable[]) =>
  weights.reduce((sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1), 0);

describe("what the network is made of", () => {
  test.each([
    ["paper", paper, 5, 6_725_556],
    // The authors' 6,790,967 less the gate fusion of 65,536 that their code never uses.
    ["authors", authors, 4, 6_790_967 - 65_536],
  ] as const)("%s: parameters, printed and as counted from the geometry", (_, shape, clusters, total) => {
    const network = built(shape, { classes: 4, clusters });
    const { breakdown, projectorNotCounted } = parameterCounts(shape, { clusters, classes: 4 });
    const of = (...prefixes: string[]) =>
      sizeOf(
        network.whole.layers
          .filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)))
          .flatMap(({ trainableWeights }) => trainableWeights),
      );
    const units = [1, 2, 3, 4, 5].flatMap((i) => [`encoder.conv${i}`, `encoder.bn${i}`]);
    expect({
      gfeConv: of(...units),
      gfeLinear: of("encoder.fc1", "encoder.bn6"),
      stateProjection: of("encoder.fc2"),
      autoencoder: of("cluster.encoder", "cluster.decoder"),
      centres: of("cluster.assignment"),
      similarityMatrix: of("similarity"),
      groupFusion: of("groupFusion."),
      clusterFusion: of("clusterFusion."),
      head: of("head"),
    }).toEqual(breakdown);
    expect(of("projector.")).toBe(projectorNotCounted);
    expect(sizeOf(network.whole.trainableWeights) - projectorNotCounted).toBe(total);
  });

  test("inference is the unmixed branch alone, and its norms fold into the five convolutions", () => {
    const { inference, whole, unused } = built(narrow(7, 3), { classes: 2, clusters: 5 });
    const names = inference.layers.map(({ name }) => name);
    expect(names.filter((name) => /decoder|projector|similarity/.test(name))).toEqual([]);
    expect(
      whole.layers
        .filter((layer) => !inference.layers.includes(layer))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["cluster.decoder", "projector.bn", "projector.fc1", "projector.fc2", "projector.relu", "similarity"]);
    expect(unused.map(({ name }) => name)).toEqual(["cluster.decoder"]);
    initialiseWeights(whole, new Streams(1));
    const folded = new FoldedModel(inference, "all");
    expect(folded.size).toBe(5);
    tf.tidy(() => {
      const x = tf.randomNormal([2, 84, 21, 3], 0, 1, "float32", 7);
      const [ours, wanted] = [folded.apply(x), inference.apply(x) as TensorFlow.Tensor].map((t) => t.dataSync());
      ours!.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted![i]!, 5);
      });
    });
    folded.dispose();
  });

  test("starts as papers.md 1.3 says", () => {
    const { whole } = built(narrow(7, 3), { classes: 4, clusters: 5 });
    initialiseWeights(whole, new Streams(1));
    const weights = readWeights(whole);
    const deviation = (name: string) => {
      const values = weights.get(name)!.values as Float32Array;
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    // Deviations of a sample are off by about 1 / sqrt(2 n): 0.2 percent for the kernel, 3 for the centres.
    expect(deviation("encoder.fc1/weight") / 0.01).toBeCloseTo(1, 2);
    expect(deviation("encoder.conv4/kernel") / Math.sqrt(2 / (9 * 128))).toBeCloseTo(1, 1);
    expect(deviation("cluster.assignment/centres")).toBeCloseTo(1, 0);
    expect(weights.get("similarity/weight")!.values).toEqual(tf.tidy(() => tf.eye(128).dataSync()));
    for (const [name, { values }] of weights) {
      if (/bias|offset|runningMean/.test(name))
        expect(
          values.every((value) => value === 0),
          name,
        ).toBe(true);
      if (/scale|runningVariance/.test(name))
        expect(
          values.every((value) => value === 1),
          name,
        ).toBe(true);
    }
  });

  test("refuses groups that do not fit", () => {
    expect(() => cycleguardianNetwork({ ...paper, frames: 12 }, { classes: 4, clusters: 5 })).toThrow(
      "groups of 20 frames do not fit into a map of 12 frames; at most 12 would",
    );
  });
});

describe("PyTorch's transcription, same weights: logits, loss, gradients, running averages", () => {
  test.each([
    "41 groups, 5 clusters",
    "41 groups, 5 clusters, bnPerGroup",
    "45 groups, 4 clusters",
    "10 frames a group",
  ])("%s", expectLikeTorch);
});

test("bnPerGroup evaluates as the usual network does", () => {
  const shape = narrow(7, 3);
  const networks = [false, true].map((bnPerGroup) => built(shape, { classes: 4, clusters: 5, bnPerGroup }));
  const x = tf.randomNormal([2, 84, 21, 3], 0, 1, "float32", 7);
  const answers = networks.map(({ whole, inference }) => {
    writeWeights(whole, snippetWeights(whole, shape));
    return tf.tidy(() => [...(inference.apply(x) as TensorFlow.Tensor).dataSync()]);
  });
  expect(answers[1]).toEqual(answers[0]);
  x.dispose();
});

test("group mix copies the partner's groups, and gradients go where the values came from", () => {
  tf.tidy(() => {
    const values = Array.from({ length: 3 }, (_, b) => Array.from({ length: 4 }, (_, g) => [10 * b + g, -b]));
    const features = tf.variable(tf.tensor3d(values));
    const mixing = { partner: tf.tensor1d([2, 2, 1], "int32"), replaced: tf.tensor1d([0, 1, 1, 0]) };
    const taken = [2, 2, 1].map((partner, b) => [0, 1, 1, 0].map((replaced) => (replaced ? partner : b)));
    const wanted = taken.map((items) => items.map((from, g) => values[from]![g]!));
    expect(groupMix(features as unknown as TensorFlow.Tensor3D, mixing).arraySync()).toEqual(wanted);
    const sum = () => tf.sum(groupMix(features as unknown as TensorFlow.Tensor3D, mixing)) as TensorFlow.Scalar;
    const gradient = tf.variableGrads(sum, [features]).grads[features.name]!;
    const copies = values.map((groups, b) =>
      groups.map((_, g) => taken.filter((items) => items[g] === b).length).map((count) => [count, count]),
    );
    expect(gradient.arraySync()).toEqual(copies);
    const few = { ...mixing, partner: tf.tensor1d([1, 0], "int32") };
    expect(() => groupMix(features as unknown as TensorFlow.Tensor3D, few)).toThrow(
      "groupMix: features [3,4,2] need 3 partners and 4 replaced, got 2 and 4",
    );
    features.dispose();
  });
});

const small = narrow(7, 4);

/** A small network with its first weights, and what one step gives: its loss, then every gradient. */
function started(x: TensorFlow.Tensor, bnPerGroup = false) {
  const network = built(small, { classes: 4, clusters: 5, bnPerGroup });
  initialiseWeights(network.whole, new Streams(3));
  const [batch] = x.shape;
  const labels = tf.tidy(
    () => tf.oneHot(tf.range(0, batch!, 1, "int32") as TensorFlow.Tensor1D, 4) as TensorFlow.Tensor2D,
  );
  const mixing: Mixing = {
    partner: tf.tensor1d(
      Array.from({ length: batch! }, (_, i) => (i + 1) % batch!),
      "int32",
    ),
    replaced: everyThird(4),
  };
  const step = (inputs: TensorFlow.Tensor): TensorFlow.Tensor[] => {
    const { value, grads } = tf.variableGrads(
      () => lossOf(network.forward(inputs, mixing, { training: true }), labels),
      [...reached(network).values()],
    );
    return [value, ...Object.values<TensorFlow.Tensor>(grads)];
  };
  return { network, step, dispose: () => tf.dispose([labels, mixing.partner, mixing.replaced]) };
}

describe("stays finite, gradients too", () => {
  test.each<[string, () => TensorFlow.Tensor]>([
    ["silent items", () => tf.zeros([3, 84, 28, 3])],
    [
      "one silent item among others",
      () => tf.concat([tf.zeros([1, 84, 28, 3]), tf.randomNormal([2, 84, 28, 3], 0, 1, "float32", 7)]),
    ],
    ["items all alike", () => tf.ones([3, 84, 28, 3])],
  ])("%s", (_, make) => {
    const x = tf.tidy(make);
    const { network, step, dispose } = started(x);
    const results = step(x);
    for (const result of results) expect(tf.tidy(() => tf.all(tf.isFinite(result)).dataSync()[0])).toBe(1);
    const { features, soft, hard, clusters, global, logits } = inside(network, x as TensorFlow.Tensor4D);
    // With five centres for twelve groups so alike at the start, some cluster is empty in every item.
    const occupied = tf.tidy(() => tf.sum(hard, 1).arraySync() as number[][]);
    for (const counts of occupied) expect(Math.min(...counts)).toBe(0);
    expect(tf.tidy(() => tf.argMax(soft, -1).arraySync())).toEqual(tf.tidy(() => tf.argMax(hard, -1).arraySync()));
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    dispose();
    tf.dispose([x, results, features, soft, hard, clusters, global, logits]);
  });
});

const sha256 = (values: Uint8Array | Float32Array) =>
  createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");

describe("captured as one function", () => {
  test.each([false, true])("gives what the eager step gives, bit for bit (bnPerGroup: %s)", (bnPerGroup) => {
    const x = tf.randomNormal([3, 84, 28, 3], 0, 1, "float32", 7);
    const run = (mode: "captured" | "eager") => {
      const { network, step, dispose } = started(x, bnPerGroup);
      const compiled = compile((inputs: TensorFlow.Tensor) => tf.tidy(() => step(inputs)), { mode });
      expect(compiled.captured).toBe(mode === "captured");
      const results = compiled(x);
      const values = results.map((result) => sha256(result.dataSync() as Float32Array));
      values.push(sha256(encodeSafetensors(readWeights(network.whole))));
      tf.dispose(results);
      compiled.dispose();
      dispose();
      return values;
    };
    expect(run("captured")).toEqual(run("eager"));
    x.dispose();
  });
});

test("the inference model comes back from its topology and weights", async () => {
  const { inference, whole } = built(small, { classes: 4, clusters: 5 });
  initialiseWeights(whole, new Streams(3));
  const modelTopology = JSON.parse(JSON.stringify(inference.toJSON(null, false))) as object;
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology }));
  writeWeights(loaded, readWeights(inference));
  const x = tf.randomNormal([2, 84, 28, 3], 0, 1, "float32", 7);
  const [ours, wanted] = [loaded, inference].map((model) =>
    tf.tidy(() => [...(model.apply(x) as TensorFlow.Tensor).dataSync()]),
  );
  expect(ours).toEqual(wanted);
  loaded.dispose();
  x.dispose();
});
