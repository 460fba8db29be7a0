import type { TestPathMakers } from "../testPathMakers.js";
import { baselineTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  baseline: () => baselineTestPath(),
};
