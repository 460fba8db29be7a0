/** Loads the engine, links the build named beside it, and computes on: prints the build loaded and two sums, before and after. */
import { spawnSync } from "node:child_process";
import { engineName, tf } from "../../src/tensorflow.js";

// A convolution that runs only after the link has changed: its kernels and their threads begin then.
const squares = () => tf.tidy(() => tf.range(0, 5).square().sum().dataSync()[0]);
const input = tf.ones([1, 8, 8, 3]) as ReturnType<typeof tf.tensor4d>;
const filter = tf.ones([3, 3, 3, 4]) as ReturnType<typeof tf.tensor4d>;
const taps = () => tf.tidy(() => tf.conv2d(input, filter, 1, "same").sum().dataSync()[0]);

const before = squares();
const { status } = spawnSync(process.execPath, ["scripts/setup.mjs", "--engine", process.argv[2]!], {
  stdio: "inherit",
});
console.log(JSON.stringify({ status, before, after: squares(), taps: taps(), engine: engineName() }));
