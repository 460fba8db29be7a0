import { describe, expect, it } from "vitest";
import { TransferRate } from "../../../src/datasets/fetch/transferRate.js";

describe("TransferRate", () => {
  it("knows nothing at first, then bytes per second and the time left", () => {
    const rate = new TransferRate();
    rate.add(1000, 0);
    expect(rate.bytesPerSecond()).toBeUndefined();
    rate.add(1100, 100);
    expect(rate.bytesPerSecond()).toBeUndefined();
    rate.add(5000, 2000);
    expect(rate.bytesPerSecond()).toBe(2000);
    expect(rate.secondsFor(10_000)).toBe(5);
  });

  it("forgets what is long ago", () => {
    const rate = new TransferRate();
    for (let second = 0; second <= 100; second++) rate.add(second * 1000, second * 1000);
    for (let second = 101; second <= 120; second++) rate.add(100_000 + (second - 100) * 50, second * 1000);
    expect(rate.bytesPerSecond()).toBe(50);
  });

  it("begins anew when a download does, and tells no time when nothing comes", () => {
    const rate = new TransferRate();
    rate.add(50_000, 0);
    rate.add(60_000, 1000);
    rate.add(100, 2000);
    expect(rate.bytesPerSecond()).toBeUndefined();
    rate.add(100, 5000);
    expect(rate.bytesPerSecond()).toBe(0);
    expect(rate.secondsFor(10)).toBeUndefined();
  });
});
