import { describe, expect, test } from "vitest";
import type { RecipeOptions } from "../../../src/papers/recipeOption.js";
import { readSettings, settingsOf, settingsWords } from "../../../src/suite/planning/setOptions.js";

const OPTIONS: RecipeOptions = {
  epochs: { type: "whole number", about: "passes", from: 1, to: 1000, default: 100 },
  learningRate: { type: "number", about: "of Adam", above: 0, to: 1, default: 1e-3 },
  crop: { type: "choice", about: "place", of: ["centre", "random"], default: "centre", decidedBy: ["authors"] },
  mixing: { type: "switch", about: "of items", default: false },
  stem: { type: "whole number", about: "filters", from: 1, default: 64, decidedByInit: true },
};
const ROW = { experiment: "e/t", row: "A", preset: "paper", options: OPTIONS, others: {} } as const;

describe("settings", () => {
  test("are read by key; the same twice is one", () => {
    expect(readSettings(["epochs=3", " learningRate = 1e-2 ", "epochs=3"])).toEqual({
      epochs: "3",
      learningRate: "1e-2",
    });
  });

  test.each(["epochs", "=3", "epochs=", "epochs 3"])("%j is not of the form key=value", (text) => {
    expect(() => readSettings([text])).toThrow(/must be of the form key=value, such as --set epochs=3/);
  });

  test("two values of one key are refused", () => {
    expect(() => readSettings(["epochs=3", "epochs=4"])).toThrow(
      "--set epochs=3 and --set epochs=4 contradict each other; leave one out",
    );
  });

  test("are typed, ordered by name, and left out where they change nothing", () => {
    const set = settingsOf({ mixing: "true", learningRate: "1e-2", epochs: 3, crop: "centre" }, ROW);
    expect(set).toEqual({ epochs: 3, learningRate: 0.01, mixing: true });
    expect(Object.keys(set!)).toEqual(["epochs", "learningRate", "mixing"]);
    expect(settingsWords(set!)).toBe("set: epochs=3, learningRate=0.01, mixing=true");
    expect(settingsOf({ epochs: "100", learningRate: "0.001" }, ROW)).toBeUndefined();
  });

  test.each([
    [{ epoch: "3" }, /"A" of e\/t has no such setting \(did you mean "epochs"/],
    [{ toString: "3" }, /no such setting.*it has epochs, learningRate, crop, mixing, stem/],
    [{ epochs: "0" }, /--set epochs=0: epochs \(passes\) must be a whole number from 1 to 1000/],
    [{ epochs: "1001" }, /from 1 to 1000/],
    [{ epochs: "2.5" }, /must be a whole number/],
    [{ epochs: "many" }, /must be a whole number/],
    [{ learningRate: "0" }, /must be a number above 0 at most 1/],
    [{ learningRate: "NaN" }, /must be a number/],
    [{ learningRate: "Infinity" }, /must be a number/],
    [{ crop: "left" }, /must be centre or random/],
    [{ mixing: "yes" }, /must be true or false/],
  ])("%j is refused", (given, message) => {
    expect(() => settingsOf(given as unknown as Record<string, string>, ROW)).toThrow(message);
  });

  test("a setting that other rows have names them", () => {
    const others = { B: { temperature: { type: "number", about: "of the loss", default: 0.1 } } } as const;
    expect(() => settingsOf({ temperature: "0.2" }, { ...ROW, others })).toThrow(
      '--set temperature: "A" of e/t has no such setting; "B" has it: name the rows with --row',
    );
  });

  test("what the preset or the starting weights decide is refused beside them, unless it is the same", () => {
    const authors = { ...ROW, preset: "authors" } as const;
    expect(() => settingsOf({ crop: "random" }, authors)).toThrow(
      "--set crop and --preset authors: the preset decides crop itself; leave one out",
    );
    expect(settingsOf({ crop: "centre" }, authors)).toBeUndefined();
    expect(settingsOf({ crop: "random" }, ROW)).toEqual({ crop: "random" });
    expect(() => settingsOf({ stem: "32" }, { ...ROW, init: "/w.pth" })).toThrow("--set stem and --init");
  });
});
