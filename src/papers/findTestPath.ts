import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Json } from "../features/canonicalJson.js";
import { projectRoot } from "../node/paths.js";
import type { TestPath } from "./testPath.js";
import type { TestPathMakers, TestTask } from "./testPathMakers.js";
import { TEST_PATH_RECIPES, testPathOf } from "./testPaths.js";

/**
 * As `testPathOf`, of any paper that has a folder in `src/papers/` with `testPaths.ts` in it.
 *
 * @throws UserError for a name that no folder has
 */
export async function findTestPath(recipe: string, task: TestTask = "11", parameters?: Json): Promise<TestPath> {
  if (!TEST_PATH_RECIPES.includes(recipe)) {
    for (const file of filesOfPapers()) {
      const { testPaths } = (await import(pathToFileURL(file).href)) as { testPaths: TestPathMakers };
      if (Object.hasOwn(testPaths, recipe)) return testPaths[recipe]!(task, parameters);
    }
  }
  return testPathOf(recipe, task, parameters);
}

function filesOfPapers(): string[] {
  const papers = path.join(projectRoot(), "src", "papers");
  const files = readdirSync(papers).sort().map((paper) => path.join(papers, paper, "testPaths.ts")); // biome-ignore format: one line
  return files.filter((file) => existsSync(file));
}
