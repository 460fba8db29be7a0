import type { Json } from "../features/canonicalJson.js";
import type { Standard } from "../features/normalise.js";
import { UserError } from "../userError.js";
import { baselineTestPath } from "./baseline/frontEnd.js";
import { adaptedTestPath } from "./cycleguardian/adapter.js";
import { cycleguardianTestPath } from "./cycleguardian/frontEnd.js";
import { adaptedTestPath as glancegazeAdaptedTestPath } from "./glancegaze/adapter.js";
import { type GlancegazeInput, glancegazeTestPath } from "./glancegaze/frontEnd.js";
import { adaptedTestPath as multibreathAdaptedTestPath } from "./multibreath/adapter.js";
import { type MultibreathInput, multibreathTestPath } from "./multibreath/frontEnd.js";
import { type RespirenetInput, respirenetTestPath } from "./respirenet/frontEnd.js";
import { type SupconClips, supconTestPath } from "./supconSprs/frontEnd.js";
import type { TestPath } from "./testPath.js";

/** SupCon's task decides the length of its input, which is an event's for windows; the other recipes have one. */
export type TestTask = "11" | "12" | "21" | "22" | "21-windows" | "22-windows";

const PATHS: Readonly<Record<string, (task: TestTask, parameters?: Json) => TestPath>> = {
  cycleguardian: () => cycleguardianTestPath(),
  "cycleguardian-authors": () => cycleguardianTestPath("authors"),
  "cycleguardian-logmel": () => adaptedTestPath(),
  multibreath: (_, parameters) => multibreathTestPath(parameters as MultibreathInput | undefined),
  "multibreath-logmel": (_, parameters) =>
    multibreathAdaptedTestPath((parameters as { standard: Standard } | undefined)?.standard),
  "supcon-sprs": (task) => supconTestPath(clipsOf(task)),
  glancegaze: (_, parameters) => glancegazeTestPath(parameters as GlancegazeInput | undefined),
  "glancegaze-logmel": () => glancegazeAdaptedTestPath(),
  respirenet: (_, parameters) => respirenetTestPath(parameters as RespirenetInput | undefined),
  baseline: () => baselineTestPath(),
};

function clipsOf(task: TestTask): SupconClips {
  if (task.endsWith("-windows")) return "windows";
  return task === "21" || task === "22" ? "record" : "event";
}

/** Names of the recipes that have a front end. */
export const TEST_PATH_RECIPES: readonly string[] = Object.keys(PATHS);

/**
 * A recipe's way from a clip to the model's input.
 * @param parameters what `TestPath.parameters` says, as a saved model has it
 * @throws UserError for a name that is none
 */
export function testPathOf(recipe: string, task: TestTask = "11", parameters?: Json): TestPath {
  const make = Object.hasOwn(PATHS, recipe) ? PATHS[recipe] : undefined;
  if (!make) throw new UserError(`unknown recipe "${recipe}"; there are ${TEST_PATH_RECIPES.join(", ")}`);
  return make(task, parameters);
}
