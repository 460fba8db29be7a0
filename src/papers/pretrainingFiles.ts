import { createHash } from "node:crypto";
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "../nn/weights/safetensors.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";
import type { EpochRecord } from "../training/trainingState.js";
import { UserError } from "../userError.js";

/** What a pretraining leaves in its folder, beside its weights. */
export interface PretrainingRecord {
  weightsSha256: string;
  /** Trainable. */
  parameters: number;
  epochs: number;
  stepsPerEpoch: number;
  /** Counted from 1. */
  chosenEpoch: number;
  chosenBy: string;
  seconds: number;
  history: EpochRecord[];
}

const WEIGHTS = "weights.safetensors";
const RECORD = "pretraining.json";
/** The files of a pretraining. */
export const PRETRAINING_FILES = [WEIGHTS, RECORD] as const;

/** Writes them, the record last. */
export function keepPretraining(
  folder: string,
  weights: ReadonlyMap<string, NamedTensor>,
  record: Omit<PretrainingRecord, "weightsSha256">,
): void {
  const bytes = encodeSafetensors(new Map(weights));
  writeFileAtomic(path.join(folder, WEIGHTS), bytes);
  const weightsSha256 = createHash("sha256").update(bytes).digest("hex");
  writeJsonAtomic(path.join(folder, RECORD), { weightsSha256, ...record } satisfies PretrainingRecord);
}

/**
 * What `pretrain` left in a folder.
 * @throws UserError, saying how they are made anew, where a file is missing or is not what it left
 */
export function readPretraining(folder: string): { weights: Map<string, NamedTensor>; record: PretrainingRecord } {
  const anew = (file: string, why: string) =>
    new UserError(
      `${path.join(folder, file)} ${why}: remove the folder, and ask for the run again; it is made anew`,
      1,
    );
  const read = <T>(file: string, decode: (bytes: Buffer) => T): T => {
    try {
      return decode(readFileSync(path.join(folder, file)));
    } catch (error) {
      throw anew(file, `cannot be read (${(error as Error).message})`);
    }
  };
  const record = read(RECORD, (bytes) => JSON.parse(bytes.toString("utf8")) as PretrainingRecord);
  const bytes = read(WEIGHTS, (content) => content);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== record.weightsSha256) throw anew(WEIGHTS, `is not the file that ${RECORD} names`);
  return { weights: decodeSafetensors(bytes), record };
}

/**
 * Puts the files beside those of a run that starts from them; answers where they are.
 * @throws UserError where the run was begun on others: its checkpoints hold those weights
 */
export function linkPretraining(folder: string, runFolder: string): string[] {
  const beside = path.join(runFolder, "pretraining");
  const [before, now] = [recordedSha256(beside), recordedSha256(folder)];
  if (before !== undefined && before !== now && existsSync(path.join(runFolder, "checkpoints")))
    throw new UserError(
      `${runFolder} was begun on another pretraining than ${folder}, which was made anew since: the weights had SHA-256 ${before}, and have ${now}. Remove the run's folder to begin it anew`,
      1,
    );
  mkdirSync(beside, { recursive: true });
  return PRETRAINING_FILES.map((file) => {
    const place = path.join(beside, file);
    rmSync(place, { force: true });
    linkOrCopy(path.join(folder, file), place);
    return place;
  });
}

/** Undefined where a sitting left no whole record. */
function recordedSha256(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path.join(folder, RECORD), "utf8")) as PretrainingRecord).weightsSha256;
  } catch {
    return undefined;
  }
}

/** Not every file system has links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
