import { describe, expect, test } from "vitest";
import type { ClipAugmentation } from "../../src/augment/augmentation.js";
import { cycleguardianAugmentation } from "../../src/papers/cycleguardian/augmentation.js";
import { glancegazeCopies, glancegazeSpeed } from "../../src/papers/glancegaze/augmentation.js";
import { MASKS } from "../../src/papers/masks.js";
import { multibreathAugmentation } from "../../src/papers/multibreath/augmentation.js";
import { respirenetAugmentation } from "../../src/papers/respirenet/augmentation.js";
import { Streams } from "../../src/random/streams.js";

const rng = (index: number) => new Streams(9).stream("augment", index);

/** How often which operation is drawn, as shares. */
function shares(augmentation: ClipAugmentation, count = 4000): Record<string, number> {
  const found: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const drawn = augmentation.draw(rng(i)) as { name: string } | null;
    const name = drawn?.name ?? "nothing";
    found[name] = (found[name] ?? 0) + 1 / count;
  }
  return found;
}

describe("the papers' augmentations (papers.md 1.5, 2.5, 4.5, 5.5)", () => {
  test("RespireNet and the authors of CycleGuardian: half of the items, five operations equally likely", () => {
    for (const recipe of [respirenetAugmentation("paper"), cycleguardianAugmentation("authors")]) {
      expect(recipe.drawnPer).toBe("item");
      const found = shares(recipe.cycle!);
      expect(Object.keys(found).sort()).toEqual(["loudness", "noise", "nothing", "pitch", "speed", "vtlp"]);
      // Four standard deviations.
      for (const [name, share] of Object.entries(found))
        expect(Math.abs(share - (name === "nothing" ? 0.5 : 0.1))).toBeLessThan(name === "nothing" ? 0.032 : 0.019);
    }
  });

  test("CycleGuardian: once for a batch, four operations", () => {
    const recipe = cycleguardianAugmentation("paper");
    expect(recipe.drawnPer).toBe("batch");
    expect(Object.keys(shares(recipe.cycle!)).sort()).toEqual(["noise", "nothing", "roll", "speed", "vtlp"]);
    expect(recipe.clip).toBeUndefined();
  });

  test("ranges: speed and loudness 0.5 to 2, pitch -1 to 3, VTLP 0.9 to 1.1", () => {
    const reached: Record<string, [number, number]> = {};
    const { cycle } = respirenetAugmentation("paper");
    for (let i = 0; i < 4000; i++) {
      const drawn = cycle!.draw(rng(i)) as { name: string; parameters: Record<string, number> } | null;
      if (!drawn || drawn.name === "noise") continue;
      const { factor, gain, semitones } = drawn.parameters;
      const value = (factor ?? gain ?? semitones)!;
      const [low, high] = reached[drawn.name] ?? [value, value];
      reached[drawn.name] = [Math.min(low, value), Math.max(high, value)];
    }
    const within = (name: string, low: number, high: number) => {
      // Of some 400 draws, the outermost lies within a fortieth of the range from its end.
      expect(reached[name]![0]).toBeGreaterThanOrEqual(low);
      expect(reached[name]![0]).toBeLessThan(low + (high - low) / 40);
      expect(reached[name]![1]).toBeLessThanOrEqual(high);
      expect(reached[name]![1]).toBeGreaterThan(high - (high - low) / 40);
    };
    within("speed", 0.5, 2);
    within("loudness", 0.5, 2);
    within("pitch", -1, 3);
    within("vtlp", 0.9, 1.1);
  });

  test("presets differ in the form of noise and VTLP", () => {
    const text = (preset: "paper" | "authors") => JSON.stringify(respirenetAugmentation(preset).cycle!.options);
    expect(text("paper")).toContain('"form":"white"');
    expect(text("paper")).toContain('"form":"correct"');
    expect(text("authors").match(/"form":"library"/g)).toHaveLength(2);
  });

  test("Multi-breath: masks always, or speed and pitch for the learnable front end", () => {
    expect(multibreathAugmentation("mel").map).toBe(MASKS.multibreath);
    expect(multibreathAugmentation("mel", "paper-literal").map).toBe(MASKS["multibreath-literal"]);
    const learnable = multibreathAugmentation("learnable");
    expect(learnable.map).toBeUndefined();
    const drawn = Array.from(
      { length: 400 },
      (_, i) => learnable.cycle!.draw(rng(i)) as [object | null, object | null],
    );
    for (const side of [0, 1] as const)
      expect(Math.abs(drawn.filter((both) => both[side]).length - 200)).toBeLessThan(40); // four standard deviations
  });

  test("masks: stripes, their largest widths and fills as in the sheet", () => {
    const largest = (name: Exclude<keyof typeof MASKS, "cycleguardian">) => {
      const all = Array.from({ length: 600 }, (_, i) => MASKS[name].draw(rng(i)));
      const widest = (axis: string) =>
        Math.max(
          ...all.flatMap((stripes) => stripes.filter((stripe) => stripe.axis === axis).map(({ width }) => width)),
        );
      const count = (axis: string) => all[0]!.filter((stripe) => stripe.axis === axis).length;
      return [count("rows"), widest("rows"), count("frames"), widest("frames")];
    };
    expect(largest("cycleguardian-authors")).toEqual([3 * 2, 9, 3 * 10, 4]);
    expect(largest("multibreath")).toEqual([2, 19, 2, 39]);
    expect(largest("multibreath-literal")).toEqual([2, 39, 2, 19]);
    expect(largest("patch-mix")).toEqual([2, 47, 2, 159]);
    const fills = Object.entries(MASKS).map(([name, { options }]) => [name, (options as { fill: string }).fill]);
    expect(Object.fromEntries(fills)).toEqual({
      cycleguardian: "mean",
      "cycleguardian-authors": "mean",
      multibreath: "minimum",
      "multibreath-literal": "minimum",
      "patch-mix": "mean",
    });
  });

  test("Glance-and-Gaze: four copies of both, two of wheeze, none of the others; faster is shorter", () => {
    const copies = glancegazeCopies(rng(0), [0, 1, 2, 3]);
    expect(copies.map(({ item }) => item)).toEqual([2, 2, 3, 3, 3, 3]);
    expect(copies.slice(2).map(({ value }) => value)).toEqual([0.8, 0.9, 1.1, 1.2]);
    const lengths = [0.8, 1.2].map((factor) => {
      const augmentation = glancegazeSpeed(factor);
      const clip = { samples: new Float32Array(1200), sampleRateHz: 22050 };
      return augmentation.apply(clip, augmentation.draw(rng(0))).samples.length;
    });
    expect(lengths).toEqual([1500, 1000]);
  });
});
