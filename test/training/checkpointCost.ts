/**
 * What a checkpoint of ResNet-34 with Adam costs: `npx tsx test/training/checkpointCost.ts`. To be under 6 s, a twentieth of an epoch
 * of two minutes. On two quiet cores: 1.3 to 1.9 s, taken up in 0.5 s; 341 MB (weights, two slots, best weights).
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resnet34 } from "../../src/nn/backbones/resnet34.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import { trainableParameters } from "../../src/training/frozenLayers.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { collectTensors, firstNonFinite, restoreTensors } from "../../src/training/trainingState.js";

const model = resnet34({ rows: 192, frames: 657, channels: 3 }, 4);
const parts = { model, optimizer: new Adam(trainableParameters(model)) };
const folder = mkdtempSync(path.join(tmpdir(), "auscult-checkpoint-cost-"));
const checkpoints = new Checkpoints<object>(folder, { signature: "s", settings: {}, circumstances: {} });
const seconds = (work: () => void) => {
  const began = performance.now();
  work();
  return `${((performance.now() - began) / 1000).toFixed(2)} s`;
};
for (let epoch = 1; epoch <= 5; epoch++) {
  const save = () => {
    const tensors = collectTensors(parts, readWeights(model));
    firstNonFinite(tensors);
    checkpoints.save({ epoch, step: 0 }, tensors, {});
  };
  console.log(`saved in ${seconds(save)}`);
}
const { size } = statSync(path.join(folder, "000005-000000", "state.safetensors"));
const load = () => restoreTensors(parts, checkpoints.latest(() => {})!.tensors, 0);
console.log(`taken up in ${seconds(() => load())}; ${(size / 1e6).toFixed(0)} MB`);
rmSync(folder, { recursive: true });
