import type { TestPathMakers } from "../testPathMakers.js";
import { adaptedTestPath } from "./adapter.js";
import { type GlancegazeInput, glancegazeTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  glancegaze: (_, parameters) => glancegazeTestPath(parameters as GlancegazeInput | undefined),
  "glancegaze-logmel": () => adaptedTestPath(),
};
