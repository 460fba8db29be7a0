import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../userError.js";
import { findTestPath } from "./findTestPath.js";
import { type Preprocessing, preprocessingOf } from "./preprocessing.js";
import type { TestPath } from "./testPath.js";
import type { TestTask } from "./testPathMakers.js";

/** The files of a saved model, relative to its folder. */
export const modelFiles = ["model.json", "weights.safetensors", "preprocessing.json"] as const;

/**
 * What `saveModel` wrote of a model's inputs and labels, and the way to such inputs; needs no engine.
 * @throws UserError for a folder without a model and for one whose inputs this version would make otherwise
 */
export async function readModelFolder(folder: string): Promise<{ preprocessing: Preprocessing; path: TestPath }> {
  const missing = modelFiles.filter((file) => !existsSync(path.join(folder, file)));
  if (missing.length > 0) throw new UserError(`${folder} holds no model: there is no ${missing.join(", no ")}`);
  const preprocessing = readPreprocessing(path.join(folder, "preprocessing.json"));
  const { recipe, task, digest, parameters } = preprocessing;
  const testPath = await findTestPath(recipe, task.slice(task.indexOf("/") + 1) as TestTask, parameters);
  if (preprocessingOf(testPath, preprocessing).digest === digest) return { preprocessing, path: testPath };
  throw new UserError(
    `${folder}: the model was trained on inputs that this version of ${recipe} computes otherwise; train it again, or use the version of the code that its run names`,
  );
}

/** Of the fields, those are looked at that are needed before the digest tells whether the rest is as it was. */
function readPreprocessing(file: string): Preprocessing {
  const read = readJson(file) as Partial<Preprocessing> | null;
  const texts = (["recipe", "task", "digest"] as const).filter((field) => typeof read?.[field] !== "string");
  const lists = (["inputShape", "labels"] as const).filter((field) => !Array.isArray(read?.[field]));
  const wrong = [...texts, ...lists];
  if (wrong.length > 0) throw new UserError(`${file}: ${wrong.join(", ")} missing; expected what a run saved`);
  return read as Preprocessing;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} cannot be read as JSON (${(error as Error).message}); expected what a run saved`);
  }
}

/** SHA-256 over a model's files: equal digests, equal answers. 32 hexadecimal digits. */
export function modelDigest(folder: string): string {
  const hash = createHash("sha256");
  for (const file of modelFiles) hash.update(readFileSync(path.join(folder, file)));
  return hash.digest("hex").slice(0, 32);
}
