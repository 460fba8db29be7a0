import { createHash } from "node:crypto";
import path from "node:path";
import { canonicalJson, type Json } from "../../features/canonicalJson.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { mlrunsFolder } from "../../node/paths.js";
import type { SharedStage } from "../../papers/sharedStage.js";
import { Interrupted } from "../../training/interrupted.js";
import type { RunIdentity } from "../../training/runIdentity.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { newestAttempt } from "./attempt.js";
import { attemptAt, HeldElsewhere } from "./attemptAt.js";
import { isDone, markDone } from "./doneMarker.js";
import { describeHolder } from "./holder.js";

export interface StageOptions {
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  warn(message: string): void;
}

/** A stage's name and place. */
export interface PlacedStage {
  /** Such as "pretraining_1f2e3d4c5b6a7988". */
  id: string;
  signature: string;
  settings: Record<string, unknown>;
  folder: string;
}

/** Where a stage is made: `mlruns/stages/<name>_<signature>`. */
export function placeOfStage({ name, identity }: SharedStage): PlacedStage {
  const settings = JSON.parse(JSON.stringify(identity)) as Record<string, Json>;
  const signature = createHash("sha256").update(canonicalJson({ name, settings })).digest("hex").slice(0, 16);
  const id = `${name}_${signature}`;
  return { id, signature, settings, folder: path.join(mlrunsFolder(), "stages", id) };
}

/**
 * Makes what is missing of a run's stages, one after the other, in this process; one that another process makes is waited for. Throws
 * what a stage throws, with its name, and Interrupted when stopped.
 *
 * @returns their folders by name
 */
export async function makeStages(
  stages: readonly SharedStage[],
  circumstances: RunIdentity["circumstances"],
  options: StageOptions,
): Promise<Record<string, string>> {
  const folders: Record<string, string> = {};
  for (const stage of stages) {
    const { folder } = placeOfStage(stage);
    while (!isDone(folder)) {
      try {
        await makeStage(stage, circumstances, options);
      } catch (error) {
        if (!(error instanceof HeldElsewhere)) throw error;
        await whileHeld(stage, folder, options);
      }
    }
    folders[stage.name] = folder;
  }
  return folders;
}

/** One attempt at a stage, in this process. Throws HeldElsewhere where another process has it. */
export async function makeStage(
  stage: SharedStage,
  circumstances: RunIdentity["circumstances"],
  { signal: given, onProgress, warn }: StageOptions,
): Promise<void> {
  const { id, signature, settings, folder } = placeOfStage(stage);
  await attemptAt({ folder, name: id, signal: given }, async (claim, signal) => {
    writeJsonAtomic(path.join(folder, "stage.json"), { name: stage.name, signature, settings });
    await stage.execute({
      folder,
      identity: { signature, settings, circumstances },
      signal,
      progress(report) {
        claim.progress(report);
        onProgress({ ...report, phase: `${stage.name}: ${report.phase}` });
      },
      warn,
      mayWrite: claim.mayWrite,
    });
    claim.mayWrite();
    markDone(folder, claim.number);
  });
}

async function whileHeld({ name }: SharedStage, folder: string, { signal, onProgress }: StageOptions): Promise<void> {
  const holder = newestAttempt(folder)?.holder;
  const detail = `${holder ? describeHolder(holder) : "another process"} makes it; waiting`;
  onProgress({ phase: name, fraction: 0, detail });
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (signal.aborted) throw new Interrupted(`stopped while another process made ${name}`);
}
