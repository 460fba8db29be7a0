import { startBackgroundSender } from "../../src/tracking/background.js";
import { createRecorder } from "../../src/tracking/mlflowRecorder.js";

/** A training process as the tracker sees it: it blocks its event loop for whole steps, and goes on until it is killed. */
const [runFolder, mlrunsFolder] = process.argv.slice(2) as [string, string];
const parent = { key: "made-up/row", name: "made-up row" };
const recorder = createRecorder({ runFolder, experimentName: "made-up/child", runName: "seed 1", parent });
const sender = startBackgroundSender({ runFolder, mlrunsFolder });
process.stdout.write(`${sender.pid}\n`);
for (let step = 1; ; step++) {
  recorder.metrics({ loss: 1 / step }, step);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
