import { expect, it } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import type { SprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import type { TrialContext } from "../../../src/papers/paper.js";
import { supconRecipe } from "../../../src/papers/supconSprs/recipe.js";
import { framesOf, tryCnn } from "../../../src/papers/supconSprs/searchTrial.js";
import { TrialFailed } from "../../../src/papers/trialFailed.js";

it("frames of 3 s and 15 s are truncated, as papers.md 3.2 has them for a hop of 128", () => {
  expect([framesOf("event", 128), framesOf("record", 128), framesOf("event", 512)]).toEqual([187, 937, 46]);
});

it("a point of the space whose features are too small for the network fails alone, before a feature is computed", async () => {
  const recipe = supconRecipe({ network: "leanCnn", mixUp: false, pretrained: false }, "event", "paper", "smoke");
  const items = (role: "train" | "select") =>
    Array.from(
      { length: 32 },
      (_, i) => ({ id: `${role} ${i}`, role, label: i % 2, className: i % 2 ? "Adventitious" : "Normal" }) as Example,
    );
  const split = { task: sprSoundTask("11"), protocol: "honest", train: items("train"), select: items("select") };
  const trial = tryCnn({
    ...{ split: split as unknown as SprSoundSplit, recipe: { ...recipe, frames: framesOf("event", 512) } },
    ...{ features: { hop: 512, coefficients: 8 }, sizes: {}, stepsPerEpoch: 1, seed: 0, precision: "float32" },
  });
  const failed = trial.execute({ runFolder: "none", signal: new AbortController().signal } as TrialContext);
  await expect(failed).rejects.toThrow(TrialFailed);
  await expect(failed).rejects.toThrow(/^8 x 46 features are too small: pool2/);
});
