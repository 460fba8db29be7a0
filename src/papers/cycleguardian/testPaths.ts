import type { TestPathMakers } from "../testPathMakers.js";
import { adaptedTestPath } from "./adapter.js";
import { cycleguardianTestPath } from "./frontEnd.js";

export const testPaths: TestPathMakers = {
  cycleguardian: () => cycleguardianTestPath(),
  "cycleguardian-authors": () => cycleguardianTestPath("authors"),
  "cycleguardian-logmel": () => adaptedTestPath(),
};
