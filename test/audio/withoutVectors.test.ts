import { afterEach, expect, it, vi } from "vitest";
import { framePower, realFft } from "../../src/audio/realFft.js";
import { resample } from "../../src/audio/resample.js";
import { Streams } from "../../src/random/streams.js";
import { largestDifference } from "../features/madeUp.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module as a machine without WebAssembly has it. */
async function without<T>(load: () => Promise<T>): Promise<T> {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  return load();
}

function noise(count: number): Float32Array {
  const rng = new Streams(2).stream("noise");
  return Float32Array.from({ length: count }, () => rng.normal() / 4);
}

it("transforms give the same to 1e-6 of the spectrum", async () => {
  const plain = await without(() => import("../../src/audio/realFft.js"));
  const [here, there] = [realFft(1024), plain.realFft(1024)];
  expect(there.samples).toBeInstanceOf(Float64Array);
  for (const fft of [here, there]) {
    fft.samples.set(noise(1024));
    fft.forward();
  }
  expect(largestDifference(here.real, there.real)).toBeLessThan(1e-5); // values are about 8
  const window = new Float32Array(256).fill(0.5);
  const [a, b] = [framePower(window), plain.framePower(window)];
  for (const frames of [a, b]) {
    frames.samples.set(noise(256));
    frames.measure(0);
  }
  expect(largestDifference(a.power, b.power)).toBeLessThan(1e-5);
});

it("resampling gives the same to 1e-6", async () => {
  const plain = await without(() => import("../../src/audio/resample.js"));
  const clip = noise(20_000);
  for (const [from, to] of [
    [44100, 4000],
    [4000, 22050],
    [10000, 9999],
    [44100, 700],
  ] as const) {
    expect(largestDifference(resample(clip, from, to), plain.resample(clip, from, to)), `${from}`).toBeLessThan(1e-6);
  }
});
