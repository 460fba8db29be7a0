import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Json } from "../features/canonicalJson.js";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import type { TestPath } from "./testPath.js";
import type { TestPathMakers, TestTask } from "./testPathMakers.js";

/** What the papers' folders have: read once, when this file is. */
const MAKERS: TestPathMakers = Object.assign({}, ...(await Promise.all(filesOfPapers().map(makersIn))));

function filesOfPapers(): string[] {
  const papers = path.join(projectRoot(), "src", "papers");
  return readdirSync(papers)
    .sort()
    .map((paper) => path.join(papers, paper, "testPaths.ts"))
    .filter((file) => existsSync(file));
}

async function makersIn(file: string): Promise<TestPathMakers> {
  return ((await import(pathToFileURL(file).href)) as { testPaths: TestPathMakers }).testPaths;
}

/** Names of the recipes that have a front end. */
export const TEST_PATH_RECIPES: readonly string[] = Object.keys(MAKERS);

/**
 * A recipe's way from a clip to the model's input.
 * @param parameters what `TestPath.parameters` says, as a saved model has it
 * @throws UserError for a name that is none
 */
export function testPathOf(recipe: string, task: TestTask = "11", parameters?: Json): TestPath {
  const make = Object.hasOwn(MAKERS, recipe) ? MAKERS[recipe] : undefined;
  if (!make) throw new UserError(`unknown recipe "${recipe}"; there are ${TEST_PATH_RECIPES.join(", ")}`);
  return make(task, parameters);
}
