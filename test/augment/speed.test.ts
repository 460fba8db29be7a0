import { describe, expect, test } from "vitest";
import { speed } from "../../src/augment/speed.js";
import { Streams } from "../../src/random/streams.js";
import { farthest, madeUp, pick, strongest, tone } from "./madeUp.js";

const clip = { samples: madeUp(4801), sampleRateHz: 4000 };
const rng = () => new Streams(2).stream("augment");

describe("speed", () => {
  test("stretches the zone as nlpaug does", () => {
    // y = nlpaug.model.audio.Speed().manipulate(x, int(len(x) * 0.2), int(len(x) * 0.8), 1.3), x = made_up(4801); pick(y)
    const nlpaug = [
      -0.05270889, -0.139994, 0.06716511, 0.1272637, -0.3552789, -0.1163279, 0.1825012, 0.1496844, 0.1334854,
      0.001573053, -0.1942389, 0.1759447,
    ];
    const { samples } = speed().apply(clip, { factor: 1.3 });
    expect(samples).toHaveLength(4136);
    expect(farthest(pick(samples), nlpaug)).toBeLessThan(2e-6);
  });

  test("by resampling moves pitch with it: length and frequency", () => {
    const augmentation = speed({ factor: [1.25, 1.25], zone: [0, 1], method: "resample" });
    const drawn = augmentation.draw(rng());
    expect(drawn).toEqual({ factor: 1.25 });
    const { samples } = augmentation.apply({ samples: tone(8000, 400, 4000), sampleRateHz: 4000 }, drawn);
    expect(samples).toHaveLength(6400);
    expect(strongest(samples.slice(200, -200), 4000, 300, 700).hz).toBe(500);
    expect(augmentation.describe(drawn)).toBe("speed x 1.25");
  });

  test("refused", () => {
    expect(() => speed({ factor: [2, 0.5] })).toThrow("factor must be [lowest, highest]");
    expect(() => speed({ method: "tape" as "resample" })).toThrow('"vocoder" or "resample", got "tape"');
  });
});
