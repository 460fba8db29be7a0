import { existsSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { folderStatus } from "../running/folderState.js";
import { oneFolder } from "../running/knownRuns.js";
import type { ModelToLabel } from "./modelToLabel.js";

/**
 * The folder of the model that a run left.
 * @param which its name, or as much of it as no other has
 * @throws UserError where there is no such run, and where it has no model (yet)
 */
export function modelOfRun(which: string): string {
  const { id, folder } = oneFolder(which);
  const model = path.join(folder, "model");
  if (existsSync(model)) return model;
  if (path.basename(path.dirname(folder)) === "stages")
    throw new UserError(`${id} is a stage that runs share; its model classifies nothing: name a run that uses it`);
  throw new UserError(`${id} has no model: it is ${folderStatus(folder).state}; a run leaves one when it is done`);
}

/**
 * Throws UserError where a model is for another task.
 * @param task of SPRSound, such as "21"
 */
export function requireTask({ task, labels }: Pick<ModelToLabel, "task" | "labels">, wanted: string): void {
  // A model of windows labels recordings.
  if (task.replace(/-windows$/, "") === `sprsound/${wanted}`) return;
  const [dataset, own] = [task.slice(0, task.indexOf("/")), task.slice(task.indexOf("/") + 1)];
  const right =
    dataset === "sprsound"
      ? `leave --task out or say --task ${own}`
      : "leave --task out: the challenge's tasks are SPRSound's";
  throw new UserError(`--task ${wanted}: the model is for task ${own} of ${dataset} (${labels.join(", ")}); ${right}`);
}
