import { statSync } from "node:fs";
import { initialWeights, type Receiver } from "../nn/weights/initialWeights.js";
import { readWeights, writeWeights } from "../nn/weights/modelWeights.js";
import { readWeightsFile, type WeightsFile } from "../nn/weights/readWeightsFile.js";
import type { TensorFlow } from "../tensorflow.js";
import { UserError } from "../userError.js";

/** A file of weights that a run starts from, as its record has it. */
export interface RecordedStart {
  /** Its name, without the folder. */
  file: string;
  sha256: string;
  /** Whether the classifier's weights are not among those taken. */
  headAnew: boolean;
  /** In words. */
  says: string;
}

export interface StartingWeights extends RecordedStart {
  /** Names in the file that the model knows and has no use for. */
  passedOver: readonly string[];
  /** Puts them into the model, over what it was initialised with. Throws UserError where the file is no longer what it was. */
  putInto(model: TensorFlow.LayersModel): void;
}

/** Reads and checks a file of weights (`--init`) for a model. Throws UserError where it does not fit, before anything is run. */
export function startingWeights(file: string, receiver: Receiver): StartingWeights {
  const content = read(file);
  const { name, sha256, format } = content;
  const { headAnew, passedOver, says } = initialWeights(content, receiver);
  return {
    ...{ file: name, sha256, headAnew, passedOver },
    says: `started from ${name} (${format}, SHA-256 ${sha256}): ${says}`,
    putInto(model) {
      const now = read(file);
      if (now.sha256 !== sha256)
        throw new UserError(
          `${file} was changed since the run was planned: its SHA-256 was ${sha256}, is ${now.sha256}`,
        );
      writeWeights(model, new Map([...readWeights(model), ...initialWeights(now, receiver).weights]));
    },
  };
}

/** The file read last: one file starts all runs of a command. */
let last: { key: string; content: WeightsFile } | undefined;

function read(file: string): WeightsFile {
  const status = statSync(file, { throwIfNoEntry: false });
  const key = [file, status?.size, status?.mtimeMs, status?.ctimeMs, status?.ino].join();
  if (last?.key !== key) last = { key, content: readWeightsFile(file) };
  return last.content;
}
