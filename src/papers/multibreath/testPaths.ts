import type { Standard } from "../../features/normalise.js";
import type { TestPathMakers } from "../testPathMakers.js";
import { adaptedTestPath } from "./adapter.js";
import { type MultibreathInput, multibreathTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  multibreath: (_, parameters) => multibreathTestPath(parameters as MultibreathInput | undefined),
  "multibreath-logmel": (_, parameters) =>
    adaptedTestPath((parameters as { standard: Standard } | undefined)?.standard),
};
