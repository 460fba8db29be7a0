import { expect, test } from "vitest";
import { load } from "../../src/inference/load.js";
import type { SeenOutput } from "../../src/inference/manifest.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { madeClip, madeModel } from "./madeModel.js";
import { loadedModel, nodeRuntime } from "./nodeModel.js";

const [ROWS, FRAMES] = [64, 187];
/** Of the made model: the input for the first output, and its negative for the second. */
const SHOWN: SeenOutput = { kind: "grad-cam++", rows: ROWS, frames: FRAMES, outputs: 2, precisions: ["float32"] };

const clip = madeClip(1);
const input = testPathOf("supcon-sprs", "11").maps(clip, 8000)[0]!.data;

test("what the network looked at comes output by output, rows as the input has them, where it is asked for", async () => {
  const { model } = await loadedModel({ seen: SHOWN });
  expect(model.canShow).toBe(true);
  const { maps } = await model.classify(clip, 8000, { seen: true });
  const { kind, rows, frames, values } = maps[0]!.seen!;
  expect({ kind, rows, frames }).toEqual({ kind: "grad-cam++", rows: ROWS, frames: FRAMES });
  expect(values.subarray(0, ROWS * FRAMES)).toEqual(input);
  expect(values.subarray(ROWS * FRAMES)).toEqual(input.map((value) => -value));
  const without = await model.classify(clip, 8000);
  expect(without.maps[0]!.logits).toEqual(maps[0]!.logits);
  expect(without.maps[0]).not.toHaveProperty("seen");
  await model.close();
});

test("of a picture the lowest band comes first all the same", async () => {
  const { model } = await loadedModel({ seen: { ...SHOWN, upsideDown: true } });
  const { values } = (await model.classify(clip, 8000, { seen: true })).maps[0]!.seen!;
  for (const row of [0, 1, ROWS - 1]) {
    const from = (ROWS - 1 - row) * FRAMES;
    expect(values.slice(row * FRAMES, (row + 1) * FRAMES)).toEqual(input.slice(from, from + FRAMES));
  }
  await model.close();
});

test("a model whose manifest says nothing of it, or of another precision, answers without", async () => {
  for (const seen of [undefined, { ...SHOWN, precisions: ["int8"] as const }]) {
    const { model } = await loadedModel(seen ? { seen } : {});
    expect(model.canShow).toBe(false);
    expect((await model.classify(clip, 8000, { seen: true })).maps[0]).not.toHaveProperty("seen");
    await model.close();
  }
});

test("a manifest that promises what the network does not have: no answer of it; another shape is refused", async () => {
  const { folder, manifest } = await madeModel();
  manifest.seen = SHOWN;
  const poorer = await load(folder, { runtime: await nodeRuntime() });
  expect(poorer.canShow).toBe(false);
  await poorer.close();
  const { model } = await loadedModel({ seen: { ...SHOWN, rows: 32 } });
  await expect(model.classify(clip, 8000, { seen: true })).rejects.toThrow(
    "the network's output seen is [1,64,187,2]; the manifest says [1,32,187,2]",
  );
  await model.close();
});
