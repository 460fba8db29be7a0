import type { TestPathMakers, TestTask } from "../testPathMakers.js";
import { type SupconClips, supconTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  "supcon-sprs": (task) => supconTestPath(clipsOf(task)),
};

function clipsOf(task: TestTask): SupconClips {
  if (task.endsWith("-windows")) return "windows";
  return task === "21" || task === "22" ? "record" : "event";
}
