import path from "node:path";
import { expect, it } from "vitest";
import { batchProgram } from "../../../src/node/batches/batchProgram.js";
import { buildProgram } from "../../../src/node/featureStore/buildProgram.js";
import { supconClips, supconClipsPlace } from "../../../src/papers/supconSprs/clipBuilder.js";
import { supconItems } from "../../../src/papers/supconSprs/inputs.js";

it.each([
  [batchProgram, batchProgram],
  [buildProgram, buildProgram],
  [supconItems, supconItems],
  [supconClips, supconClipsPlace],
])("what worker threads are sent for is where they are told", async (thing, { file, name }) => {
  const module = await import(path.resolve(file));
  expect(module[name]).toBe(thing);
});
