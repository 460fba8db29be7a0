import {
  confusion,
  curves,
  type Figure,
  type FigureOptions,
  heatmap,
  intervals,
  mapPanels,
  recording,
  seedCurves,
  waveform,
} from "../../src/figures/index.js";

/** Numbers from 0 to 1 that look drawn by chance and are always the same. */
export function noise(index: number): number {
  const x = Math.sin(index * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

const events = [
  { startSeconds: 0.4, endSeconds: 1.3, label: "Wheeze" },
  { startSeconds: 1.5, endSeconds: 1.9, label: "Coarse Crackle" },
  { startSeconds: 2.0, endSeconds: 2.2, label: "Coarse Crackle" },
  { startSeconds: 2.1, endSeconds: 3.6, label: "Rhonchi" },
];
const sampleRateHz = 4000;
const seconds = 4;
export const sound = {
  samples: Float32Array.from({ length: sampleRateHz * seconds }, (_, i) => {
    const t = i / sampleRateHz;
    const wheeze = t > 0.4 && t < 1.3 ? 0.3 * Math.sin(2 * Math.PI * 420 * t) : 0;
    return wheeze + 0.15 * (noise(i) - 0.5) * (1 + Math.sin(1.6 * Math.PI * t));
  }),
  sampleRateHz,
  events,
};
const rows = 65;
const frames = 250;
export const map = {
  values: Float32Array.from({ length: rows * frames }, (_, i) => {
    const row = Math.floor(i / frames);
    const t = ((i % frames) * seconds) / frames;
    const wheeze = t > 0.4 && t < 1.3 && Math.abs(row - 14) < 2 ? 35 : 0;
    return Math.round(-70 + 40 * Math.exp(-row / 14) * (1 + 0.4 * Math.sin(1.6 * Math.PI * t)) + wheeze + 8 * noise(i));
  }),
  rows,
  frames,
  hopSeconds: seconds / frames,
  rowLabel: "frequency (Hz)",
  rowValues: Array.from({ length: rows }, (_, r) => r * 31.25),
  valueLabel: "power (dB)",
  events,
};
const epochs = Array.from({ length: 30 }, (_, i) => i + 1);
const rise = (seed: number, top: number) => epochs.map((e) => top - 0.4 * Math.exp(-e / 8) + 0.06 * noise(seed + e));

/** One example of every kind of figure, of made-up numbers. */
export const examples: Record<string, (options?: FigureOptions) => Figure> = {
  waveform: (options) => waveform(sound, options),
  heatmap: (options) => heatmap(map, options),
  "heatmap of mel bands": (options) =>
    heatmap(
      {
        ...map,
        rowLabel: "mel band (Hz)",
        rowValues: Array.from({ length: rows }, (_, r) => 700 * (10 ** ((r * 25) / 2595) - 1)),
      },
      options,
    ),
  "heatmap of named rows": (options) =>
    heatmap(
      { ...map, rows: 2, values: map.values.slice(0, 2 * frames), rowNames: ["<tile>", "zeros"], rowValues: [1, 2] },
      options,
    ),
  mapPanels: (options) => {
    const panel = { ...map, name: "ours & theirs" };
    return mapPanels({ panels: [panel, { ...panel, name: "difference", signed: true }] }, options);
  },
  recording: (options) => recording({ ...sound, spectrogram: map }, options),
  curves: (options) =>
    curves(
      {
        series: ["train", "select", "test, inter", "test, intra"].map((name, i) => ({
          name,
          epochs,
          values: rise(100 * i, 0.9 - 0.1 * i),
        })),
        yLabel: "Score (0 to 1)",
        yRange: [0, 1],
        chosenEpoch: 28,
      },
      options,
    ),
  seedCurves: (options) =>
    seedCurves(
      {
        groups: ["ResNet 18", "ResNet 34", "Audio Spectrogram Transformer"].map((name, g) => ({
          name,
          runs: Array.from({ length: g === 1 ? 8 : 5 }, (_, s) => ({
            name: `seed ${s}`,
            epochs,
            values: rise(1000 * g + 37 * s, 0.85 - 0.12 * g),
          })),
        })),
        yLabel: "Score (0 to 1)",
      },
      options,
    ),
  confusion: (options) =>
    confusion(
      {
        labels: ["Normal", "Wheeze", "Coarse Crackle", "Wheeze & Crackle"],
        counts: [
          [1204, 96, 130, 20],
          [84, 210, 14, 31],
          [160, 9, 402, 44],
          [0, 0, 0, 0],
        ],
      },
      options,
    ),
  intervals: (options) =>
    intervals(
      {
        rows: ["ResNet 18", "ResNet 34", "AST"].flatMap((name, i) => [
          { label: `${name}, honest`, group: "task 1-1", printed: null, ours: { mean: 0.62 + 0.05 * i, low: 0.57 + 0.05 * i, high: 0.66 + 0.06 * i } }, // biome-ignore format: one row
          { label: `${name}, published`, group: "task 1-2", printed: 0.7 + 0.04 * i, ours: i === 2 ? null : { mean: 0.68 + 0.05 * i, low: 0.64, high: 0.74 + 0.03 * i } }, // biome-ignore format: one row
        ]),
        xLabel: "Score (0 to 1)",
        reference: { value: 0.5, label: "chance" },
      },
      options,
    ),
};
