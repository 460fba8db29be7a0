import { expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { clusterMarks } from "../../../src/papers/cycleguardian/clusterMarks.js";
import { inside } from "../../../src/papers/cycleguardian/inside.js";
import { cycleguardianNetwork } from "../../../src/papers/cycleguardian/network.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

test("each group has its place in time and the cluster that the network puts it in", () => {
  const shape = { rows: 12, frames: 50, channels: 3, framesPerGroup: 10, stride: 8 };
  const network = cycleguardianNetwork(shape, { classes: 4, clusters: 5 });
  const streams = new Streams(2);
  initialiseWeights(network.whole, streams);
  // Far larger than they start, so that groups differ.
  const weights = network.whole.getLayer("cluster.encoder").getWeights();
  tf.tidy(() => network.whole.getLayer("cluster.encoder").setWeights(weights.map((one) => tf.mul(one, 300))));
  const rng = streams.stream("map");
  const map = Float32Array.from({ length: 12 * 50 * 3 }, () => rng.normal());
  const before = tf.memory().numTensors;
  const marks = clusterMarks(network.inference, map, 0.1);
  expect(tf.memory().numTensors).toBe(before);
  expect(marks.map(({ startSeconds }) => startSeconds)).toEqual([0, 8, 16, 24, 32, 40].map((frame) => frame * 0.1));
  for (const { startSeconds, endSeconds } of marks) expect(endSeconds - startSeconds).toBeCloseTo(1, 9);
  tf.tidy(() => {
    const { hard } = inside(network, tf.tensor4d(map, [1, 12, 50, 3]));
    expect(marks.map(({ cluster }) => cluster)).toEqual([...(hard.argMax(-1) as TensorFlow.Tensor).dataSync()]);
  });
  network.whole.dispose();
});
