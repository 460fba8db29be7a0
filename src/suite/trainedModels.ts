import { existsSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../node/paths.js";
import { ownRecords, type RunRecord } from "./runRecord.js";

/** A finished run of this machine and the folder of its model. */
export interface TrainedModel {
  record: RunRecord;
  folder: string;
}

const BUDGETS = ["full", "quick", "smoke"];

/**
 * The models of finished runs of this machine that fit a task: the larger budget first, recordings before made-up sounds, `honest`
 * before `published`. Never by what they reached on test sets.
 * @param warn takes what is wrong with a run's files
 */
export function trainedModels(task: string, warn: (message: string) => void): TrainedModel[] {
  return ownRecords(warn)
    .map((record) => ({ record, folder: path.join(mlrunsFolder(), "runs", record.runId, "model") }))
    .filter(({ record, folder }) => record.request.task === task && existsSync(folder))
    .sort((a, b) => rank(a) - rank(b));
}

function rank({ record: { request, data } }: TrainedModel): number {
  return 4 * BUDGETS.indexOf(request.profile) + 2 * Number(data.madeUp) + Number(request.protocol === "published");
}
