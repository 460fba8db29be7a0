import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { tf } from "../../src/tensorflow.js";
import { opCases } from "./opCases.js";

/** Eager tfjs is what captured operations are compared with. */
describe("operations and gradients in a compiled step give what they give eagerly, bit for bit", () => {
  const groups = opCases();

  test.each(Object.keys(groups))("%s", (group) => {
    const cases = groups[group]!;
    const eager = Object.entries(cases).map(([name, run]) => {
      const result = tf.tidy(run);
      return { name, shape: result.shape, values: result.dataSync() };
    });
    const all = compile(() => Object.fromEntries(Object.entries(cases).map(([name, run]) => [name, run()])));
    const results = all();
    const captured = Object.entries(results).map(([name, result]) => {
      return { name, shape: result.shape, values: result.dataSync() };
    });
    expect(captured).toEqual(eager);
    tf.dispose(results);
    all.dispose();
  });

  test("there are as many as it says", () => {
    const counts = Object.values(groups).map((cases) => Object.keys(cases).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
  });
});
