import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { confusionOf } from "../../evaluation/confusion.js";
import { icbhiScores } from "../../evaluation/icbhiScores.js";
import { sprSoundScores } from "../../evaluation/sprsoundScores.js";
import type { SeenAgreement } from "./seenAgreement.js";

/** Logits of formats may differ from the training graph's by as much. */
export const GREATEST_DIFFERENCE = 1e-4;

/** How far the formats answer alike. */
export interface Agreement {
  /** What was asked, in words. */
  inputs: string;
  /** Maps that went through the networks. */
  maps: number;
  /** Greatest difference of a logit from the training graph's, by format, float32. */
  logits: Readonly<Record<string, number>>;
  int8: {
    /** Greatest difference of a logit from the training graph's. */
    logits: number;
    /** Items, and the share of them whose label is the training graph's. */
    items: number;
    sameLabel: number;
    /** Bytes of model-int8.onnx in bytes of model.onnx. */
    size: number;
    /** Where the true labels are known: the challenge's Score of float32 and of int8 on these items, 0 to 1. */
    score?: { float32: number; int8: number };
  };
  /** Of what was looked at, where the formats show it. */
  seen?: SeenAgreement;
}

/**
 * The challenge's Score of some decisions.
 *
 * @param task such as "icbhi/4-class" or "sprsound/21-windows"
 * @param truths and decisions are indices into `labels`
 */
export function scoreOf(
  task: string,
  labels: readonly string[],
  truths: readonly number[],
  decisions: readonly number[],
): number {
  const matrix = confusionOf(labels, truths, decisions);
  const [dataset, id] = [task.slice(0, task.indexOf("/")), task.slice(task.indexOf("/") + 1)];
  if (dataset !== "sprsound") return icbhiScores(matrix).score;
  return sprSoundScores(matrix, sprSoundTask(id.replace(/-windows$/, "")).adventitiousFrom).score;
}
