import type { TestPathMakers } from "../testPathMakers.js";
import { type RespirenetInput, respirenetTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  respirenet: (_, parameters) => respirenetTestPath(parameters as RespirenetInput | undefined),
};
