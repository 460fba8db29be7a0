import { existsSync } from "node:fs";
import path from "node:path";
import { describe, type Precision } from "../../inference/description.js";
import { load } from "../../inference/load.js";
import { MANIFEST_FILE } from "../../inference/manifest.js";
import { onnxRuntime } from "../../inference/runtime.js";
import { modelFolderOnDisk } from "../../node/modelFolderOnDisk.js";
import { onnxRuntimeNode } from "../../node/onnxRuntimeNode.js";
import { findTestPath } from "../../papers/findTestPath.js";
import type { LoadedModel } from "../../papers/loadModel.js";
import { modelDigest, readModelFolder } from "../../papers/modelFolder.js";
import type { TestPath } from "../../papers/testPath.js";
import { UserError } from "../../userError.js";

/** A model's folder before its network is loaded. */
export interface ModelToLabel {
  task: string;
  /** In the order of its outputs. */
  labels: readonly string[];
  /** From a clip to its input. */
  path: TestPath;
  /** Equal digests, equal answers. */
  digest: string;
  open(): Promise<LabellingModel>;
}

/** A model that is ready to be asked: `answers` for maps, which `labelOf` reads. */
export interface LabellingModel extends Pick<LoadedModel, "path" | "labelOf"> {
  /** @param maps each [rows, frames, channels] */
  classifyMaps(maps: readonly Float32Array[]): Float32Array[] | Promise<Float32Array[]>;
  dispose(): void | Promise<void>;
}

/**
 * The model of a folder: one that a run left, for the engine; or one of `auscult export`, for onnxruntime, without the engine.
 *
 * @param precision of an exported one; default float32
 * @throws UserError for a folder without a model, for one whose inputs this version would make otherwise, and for a precision that is not
 * there
 */
export async function modelToLabel(folder: string, precision?: Precision): Promise<ModelToLabel> {
  if (existsSync(path.join(folder, MANIFEST_FILE))) return exported(folder, precision);
  if (precision !== undefined) {
    throw new UserError(
      `--precision ${precision}: ${folder} is no exported model; \`auscult export\` makes one in both precisions`,
    );
  }
  const { preprocessing, path: testPath } = await readModelFolder(folder);
  const { task, labels } = preprocessing;
  return {
    ...{ task, labels, path: testPath, digest: modelDigest(folder) },
    open: async () => (await import("../../papers/loadModel.js")).loadModel(folder),
  };
}

async function exported(folder: string, precision: Precision = "float32"): Promise<ModelToLabel> {
  const onDisk = modelFolderOnDisk(folder);
  const options = { precision, testPath: findTestPath };
  const { manifest, path: testPath, file } = await describe(onDisk, options);
  return {
    ...{ task: manifest.task, labels: manifest.labels, path: testPath },
    digest: `${manifest.input.digest.slice(0, 16)}${file.sha256.slice(0, 16)}`,
    async open() {
      const { ort, options: threads } = await onnxRuntimeNode();
      const model = await load(onDisk, { ...options, runtime: onnxRuntime(ort, threads) });
      return {
        path: model.path,
        labelOf: (logits) => model.labelOf(logits),
        classifyMaps: (maps) => model.logits(maps),
        dispose: () => model.close(),
      };
    },
  };
}
