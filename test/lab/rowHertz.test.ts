import { expect, test } from "vitest";
import { logmelFrontEnd } from "../../src/datasets/icbhiLogmel/recipe.js";
import { rowHertz } from "../../src/lab/rowHertz.js";
import { glancegazeFrontEnd, glancegazeSpectrogram } from "../../src/papers/glancegaze/frontEnd.js";
import { respirenetFrontEnd } from "../../src/papers/respirenet/frontEnd.js";

test.each([
  ["mel bands under a z-score", glancegazeFrontEnd()],
  ["a spectrum under a z-score", glancegazeSpectrogram()],
  ["the lowest of mel bands", logmelFrontEnd],
])("a tone is loudest in the row whose hertz are its own: %s", (_, frontEnd) => {
  const hertz = rowHertz(frontEnd)!;
  expect(hertz).toHaveLength(frontEnd.rows);
  for (const row of [20, 45, 80]) {
    const tone = Float32Array.from({ length: 22_050 }, (__, i) => Math.sin((2 * Math.PI * hertz[row]! * i) / 22_050));
    const { data, frames } = frontEnd.compute(tone);
    const middle = Array.from({ length: frontEnd.rows }, (__, r) => data[r * frames + Math.floor(frames / 2)]!);
    // A band of one or two bins may be next to the bin that the tone is in.
    expect(Math.abs(middle.indexOf(Math.max(...middle)) - row)).toBeLessThanOrEqual(1);
  }
});

test("a picture's rows are no bands", () => {
  expect(rowHertz(respirenetFrontEnd({ imageScale: 1, clipBlank: false }))).toBeUndefined();
});
