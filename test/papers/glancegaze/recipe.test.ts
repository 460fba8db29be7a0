import { describe, expect, test } from "vitest";
import {
  type GlancegazeRecipe,
  glancegazeOptions,
  glancegazeRecipe,
  LEARNING_RATES,
  requireGlancegaze,
  withoutSamples,
} from "../../../src/papers/glancegaze/recipe.js";
import { glancegazeRow } from "../../../src/papers/glancegaze/rows.js";
import type { Profile } from "../../../src/papers/paper.js";
import { settingsOf } from "../../../src/suite/planning/setOptions.js";

const recipeOf = (experiment: string, row: string, profile: Profile = "full") =>
  glancegazeRecipe(glancegazeRow(`glancegaze/${experiment}`, row), profile);
const proposed = recipeOf("table2", "Proposed");

describe("the proposed network's recipe", () => {
  test("has the numbers of papers.md 4.2 to 4.6 and decisions 51 to 54", () => {
    expect(proposed).toEqual({
      // 128 bands of 8 s; speeds of wheezes and both.
      ...{ input: "audio", frontEnd: "mel", bands: 128, seconds: 8, augmentation: "speed" },
      // Weights of mean one, a convolution for each axis, of three places; a threshold for each channel; a choice between two branches.
      ...{ network: "Proposed", attentionScale: "length", shareGlance: false, glanceKernel: 3 },
      ...{ shrinkage: "channel", ffm: "selective" },
      // Adam 1e-3 to 1e-5 over 100 epochs of batches of 32.
      ...{ learningRate: 0.001, finalLearningRate: 0.00001, weightDecay: 0.0001, epochs: 100, batchSize: 32 },
    });
    expect(LEARNING_RATES).toEqual([0.001, 0.0003, 0.0001]);
  });

  test.each(["quick", "smoke"] as const)("%s takes less and changes neither the input nor the optimiser", (profile) => {
    for (const row of ["Proposed", "CRNN"]) {
      const [full, reduced] = [recipeOf("table2", row), recipeOf("table2", row, profile)];
      const { epochs, stepsPerEpoch, batchSize, trainItems, selectItems, testItems, ...kept } = reduced;
      const { epochs: most, batchSize: whole, ...wanted } = full;
      expect(kept).toEqual(wanted);
      expect([epochs, batchSize]).toSatisfy(([e, b]: number[]) => e! < most && b! < whole);
      expect([stepsPerEpoch, selectItems]).not.toContain(undefined);
      expect([trainItems, testItems].includes(undefined)).toBe(profile === "quick");
    }
  });
});

describe("rows", () => {
  test("differ in the network, what it is without, and the front end alone", () => {
    const differing = (experiment: string, row: string) => {
      const recipe = recipeOf(experiment, row);
      const keys = [...new Set([...Object.keys(recipe), ...Object.keys(proposed)])] as (keyof GlancegazeRecipe)[];
      return Object.fromEntries(keys.filter((key) => recipe[key] !== proposed[key]).map((key) => [key, recipe[key]]));
    };
    expect(differing("table1", "w/o glance")).toEqual({ without: "glance" });
    expect(differing("table1", "w/o gaze")).toEqual({ without: "gaze" });
    expect(differing("table1", "w/o FFM")).toEqual({ without: "ffm" });
    expect(differing("stft", "STFT input")).toEqual({ frontEnd: "stft" });
    for (const experiment of ["table2", "tune"])
      for (const network of ["VGG16", "CRNN", "BiGRU+ATT"]) expect(differing(experiment, network)).toEqual({ network });
  });

  test("that there are none of are refused", () => {
    expect(() => glancegazeRow("glancegaze/table1", "w/o mel")).toThrow(
      'unknown row "w/o mel" of glancegaze/table1; there are "w/o glance", "w/o gaze", "w/o FFM"',
    );
    expect(() => glancegazeRow("glancegaze/tune", "Proposed")).toThrow('unknown row "Proposed" of glancegaze/tune');
    expect(() => glancegazeRow("glancegaze/fig4", "VGG16")).toThrow("it has none that is trained");
    expect(() => glancegazeRecipe({ network: "Proposed" }, "huge" as Profile)).toThrow(
      "--profile huge: must be smoke, quick or full",
    );
  });
});

describe("settings that may be changed", () => {
  /** Of every row: what a run takes, whatever its network. */
  const COMMON = ["augmentation", "batchSize", "epochs", "learningRate", "seconds", "selectItems", "stepsPerEpoch", "trainItems", "weightDecay"]; // biome-ignore format: one line
  const own = (experiment: string, row: string) => {
    const names = Object.keys(glancegazeOptions(recipeOf(experiment, row)));
    expect(names).toEqual(expect.arrayContaining(COMMON));
    return names.filter((name) => !COMMON.includes(name)).sort();
  };

  test("are of the parts that the row has", () => {
    const glance = ["attentionScale", "glanceKernel", "shareGlance"];
    const audio = ["bands", "input"];
    expect(own("table2", "Proposed")).toEqual([...audio, ...glance, "ffm", "shrinkage"].sort());
    expect(own("table1", "w/o glance")).toEqual([...audio, "shrinkage"].sort());
    expect(own("table1", "w/o gaze")).toEqual([...audio, ...glance, "ffm"].sort());
    expect(own("table1", "w/o FFM")).toEqual([...audio, ...glance, "shrinkage"].sort());
    // A spectrum has no bands, and there are no stored ones.
    expect(own("stft", "STFT input")).toEqual([...glance, "ffm", "shrinkage"].sort());
    for (const row of ["VGG16", "CRNN", "BiGRU+ATT"]) expect(own("table2", row)).toEqual(audio);
  });

  test("are told with what the row has without them, unless that follows from a search or from the input", () => {
    for (const [experiment, row] of [
      ["table2", "Proposed"],
      ["table2", "CRNN"],
      ["stft", "STFT input"],
    ] as const) {
      // biome-ignore format: one line
      const recipe = recipeOf(experiment, row, "smoke");
      for (const [name, option] of Object.entries(glancegazeOptions(recipe))) {
        const follows = (name === "learningRate" && row === "CRNN") || (name === "augmentation" && experiment === "table2"); // biome-ignore format: one line
        expect(option.default, `${row} ${name}`).toBe(follows ? undefined : recipe[name as keyof GlancegazeRecipe]);
      }
    }
  });

  const asked = (set: Record<string, string>, row = "Proposed") =>
    settingsOf(set, {
      ...{ experiment: "glancegaze/table2", row, preset: "paper", others: {} },
      options: glancegazeOptions(recipeOf("table2", row)),
    });

  test("a baseline's first learning rate, asked for, is not left out as nothing new: it wins over a search's", () => {
    expect(asked({ learningRate: "0.001" }, "CRNN")).toEqual({ learningRate: 0.001 });
    expect(asked({ learningRate: "0.001" })).toBeUndefined();
  });

  test.each([
    [{ bands: "8" }, "from 16 to 256"],
    [{ seconds: "0.5" }, "from 1 to 60"],
    [{ augmentation: "pitch" }, "speed or none"],
    [{ input: "sprsound" }, "audio or icbhi-logmel"],
    [{ ffm: "sum" }, "selective or se"],
    [{ attentionScale: "frames" }, "length or none"],
    [{ shrinkage: "row" }, "channel or map"],
    [{ shareGlance: "maybe" }, "true or false"],
    [{ batchSize: "1" }, "from 2 to 1024"],
    [{ learningRate: "0" }, "above 0 at most 1"],
    [{ weightDecay: "-1" }, "from 0 to 1"],
    [{ frontEnd: "stft" }, "has no such setting"],
  ])("are refused where they are none: %j", (set, words) => {
    expect(() => asked(set as unknown as Record<string, string>)).toThrow(words);
  });

  test("a convolution along an axis has a middle", () => {
    for (const glanceKernel of [1, 3, 31]) expect(() => requireGlancegaze({ ...proposed, glanceKernel })).not.toThrow();
    expect(() => requireGlancegaze({ ...proposed, glanceKernel: 4 })).toThrow("--set glanceKernel=4: must be odd");
  });
});

test("of stored maps there are no copies at other speeds, and nothing else is changed", () => {
  expect(withoutSamples(proposed)).toEqual(proposed);
  const stored = { ...proposed, input: "icbhi-logmel" as const };
  expect(withoutSamples(stored)).toEqual({ ...stored, augmentation: "none" });
});
