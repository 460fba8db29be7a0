import { writeFileSync } from "node:fs";
import path from "node:path";
import { MADE_UP_MARKER } from "../../../src/datasets/madeUp.js";

/** Marks a data set in the folder as made up, so that it may have any size; answers the folder. */
export function markMadeUp(dataDir: string, name: "icbhi" | "sprsound" = "icbhi"): string {
  writeFileSync(path.join(dataDir, name, MADE_UP_MARKER), "for a test\n");
  return dataDir;
}
