import type { Json } from "../features/canonicalJson.js";
import type { ClipBuilder } from "../features/store/clipBuilder.js";
import type { ExportPlace } from "../node/workers/exportPlace.js";
import { findTestPath } from "./findTestPath.js";
import { testPathBuilder } from "./testPathBuilder.js";

/** A recipe's inputs on its test-time path, for the feature store; see `findTestPath`. */
export async function testPathClips(recipe: string, parameters?: Json): Promise<ClipBuilder> {
  return testPathBuilder(await findTestPath(recipe, "11", parameters));
}

/** Where worker threads find it. */
export function testPathClipsPlace(recipe: string, parameters?: Json): ExportPlace {
  const args = parameters === undefined ? [recipe] : [recipe, parameters];
  return { file: "src/papers/testPathClips.ts", name: "testPathClips", args };
}
