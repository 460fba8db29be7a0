import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { preprocessingOf } from "../../papers/preprocessing.js";
import { saveModel } from "../../papers/savedModel.js";
import { SUPCON_FRAMES, supconMfcc, supconTestPath } from "../../papers/supconSprs/frontEnd.js";
import { Streams } from "../../random/streams.js";
import { labelFolder } from "../../suite/predicting/labelFolder.js";
import { Turns } from "../turns.js";

export interface OurPredictOptions {
  /** Folder of WAV files. */
  folder: string;
  task: string;
}

/** The contestant that is us: what `auscult predict` does, with a plain ResNet-18 that has learnt nothing; a turn is the whole folder. */
export async function runOurPredict({ folder, task }: OurPredictOptions): Promise<void> {
  const own = mkdtempSync(path.join(tmpdir(), "auscult-bench-"));
  try {
    const model = path.join(own, "model");
    saveUntrained(model, task);
    const label = async () => {
      const { files, checkSeconds, secondsPerFile, byLabel } = await labelFolder({
        ...{ model, wavs: folder, out: path.join(own, "labels.json") },
      });
      return { loss: Object.values(byLabel)[0]!, parts: { file: checkSeconds / files + secondsPerFile.mean } };
    };
    const turns = new Turns();
    while (turns.next(await label()));
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function saveUntrained(folder: string, task: string): void {
  const { level, labels } = sprSoundTask(task);
  const { rows } = supconMfcc;
  const frames = SUPCON_FRAMES[level];
  const model = resnet18({ rows, frames, channels: 1 }, labels.length);
  initialiseWeights(model, new Streams(1));
  const fed = { inputShape: [rows, frames, 1], task: `sprsound/${task}`, labels };
  saveModel(model, folder, preprocessingOf(supconTestPath(level), fed));
  model.dispose();
}
