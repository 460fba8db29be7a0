import type { Json } from "../features/canonicalJson.js";
import type { TestPath } from "./testPath.js";

/** SupCon's task decides the length of its input, which is an event's for windows; the other recipes have one. */
export type TestTask = "11" | "12" | "21" | "22" | "21-windows" | "22-windows";

/**
 * A paper's ways from a clip to a model's input, by the recipe's name: what `src/papers/<paper>/testPaths.ts` exports as `testPaths`.
 * Parameters are what `TestPath.parameters` says, as a saved model has them; without them the recipe's own.
 */
export type TestPathMakers = Readonly<Record<string, (task: TestTask, parameters?: Json) => TestPath>>;
