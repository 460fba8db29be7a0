import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors, encodeSafetensors } from "../nn/weights/safetensors.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";
import { UserError } from "../userError.js";
import type { Embeddings } from "./points.js";
import type { Projections } from "./projections.js";

const place = (runFolder: string, name: string) => path.join(runFolder, "embeddings", name);

/**
 * Writes `embeddings/<role>.safetensors` ("embeddings", float32 `[items, size]`, readable from Python) and `<role>.json` into a run's
 * folder. They are computed from recordings: they stay there, and results that are exported do not hold them.
 */
export function writeEmbeddings(runFolder: string, role: "train" | "select", embeddings: Embeddings): void {
  const { values, size, layer, labels, ids, classes } = embeddings;
  if (ids.length * size !== values.length || classes.length !== ids.length) {
    throw new RangeError(`${ids.length} items of ${size} values and ${classes.length} classes do not fit`);
  }
  const tensor = { dtype: "F32" as const, shape: [ids.length, size], values };
  writeFileAtomic(place(runFolder, `${role}.safetensors`), encodeSafetensors(new Map([["embeddings", tensor]])));
  writeJsonAtomic(place(runFolder, `${role}.json`), { format: 1, role, layer, labels, ids, classes });
}

/**
 * Reads what `writeEmbeddings` wrote.
 * @throws UserError where there is nothing
 */
export function readEmbeddings(runFolder: string, role: "train" | "select"): Embeddings {
  const [values, about] = [place(runFolder, `${role}.safetensors`), place(runFolder, `${role}.json`)];
  if (!existsSync(values) || !existsSync(about)) {
    throw new UserError(`${runFolder} holds no embeddings of the ${role} role; a run with pretraining leaves some`);
  }
  const tensor = decodeSafetensors(readFileSync(values)).get("embeddings")!;
  const { layer, labels, ids, classes } = JSON.parse(readFileSync(about, "utf8")) as Embeddings;
  return { values: tensor.values as Float32Array, size: tensor.shape[1]!, layer, labels, ids, classes };
}

/** Writes `embeddings/<role>.projections.json` into a run's folder. */
export function writeProjections(runFolder: string, role: "train" | "select", projections: Projections): void {
  writeJsonAtomic(place(runFolder, `${role}.projections.json`), projections);
}

/** Reads what `writeProjections` wrote; undefined where there is nothing. */
export function readProjections(runFolder: string, role: "train" | "select"): Projections | undefined {
  const file = place(runFolder, `${role}.projections.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Projections) : undefined;
}
