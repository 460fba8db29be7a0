import { describe, expect, it } from "vitest";
import { cutIntoBatches, metricFromWire } from "../src/batches.js";

const metrics = (count: number, key = "m") =>
  Array.from({ length: count }, (_, step) => ({ key, value: step, step, timestamp: 1 }));
const pairs = (count: number, value = "v") => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value }));

describe("cutIntoBatches", () => {
  it("keeps within 1,000 metrics, 100 parameters, 100 tags and 1,000 in all", () => {
    const batches = cutIntoBatches({ metrics: metrics(2500), params: pairs(250), tags: pairs(120) });
    for (const { metrics, params, tags } of batches) {
      expect(metrics.length).toBeLessThanOrEqual(1000);
      expect(params.length).toBeLessThanOrEqual(100);
      expect(tags.length).toBeLessThanOrEqual(100);
      expect(metrics.length + params.length + tags.length).toBeLessThanOrEqual(1000);
    }
    expect(batches.flatMap((batch) => batch.metrics)).toEqual(metrics(2500));
    expect(batches.flatMap((batch) => batch.params)).toEqual(pairs(250));
    expect(batches.flatMap((batch) => batch.tags)).toEqual(pairs(120));
  });

  it("keeps each request under a million bytes, whatever the letters weigh", () => {
    // 100 parameters of 6,000 characters of three bytes are 1.8 million bytes.
    const batches = cutIntoBatches({ params: pairs(100, "漢".repeat(6000)) });
    expect(batches.length).toBeGreaterThan(1);
    for (const batch of batches) expect(Buffer.byteLength(JSON.stringify({ run_id: "x", ...batch }))).toBeLessThan(1e6);
    expect(batches.flatMap((batch) => batch.params).length).toBe(100);
  });

  it("makes nothing of nothing", () => {
    expect(cutIntoBatches({ metrics: [], params: [], tags: [] })).toEqual([]);
  });
});

describe("metricFromWire", () => {
  it("reads infinities back from the largest double, and NaN from a word", () => {
    const read = (value: unknown) => metricFromWire({ key: "m", value, timestamp: "5", step: "3" });
    expect(read(1.7976931348623157e308)).toEqual({ key: "m", value: Infinity, timestamp: 5, step: 3 });
    expect(read(-1.7976931348623157e308).value).toBe(-Infinity);
    expect(read("NaN").value).toBeNaN();
    expect(read(1.7e308).value).toBe(1.7e308);
  });
});
