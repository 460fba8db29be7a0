import {
  bars,
  confusion,
  curves,
  embedding,
  embeddingPanels,
  type Figure,
  type FigureOptions,
  heatmap,
  histogram,
  intervals,
  mapPanels,
  mapProfiles,
  overlay,
  recording,
  reliability,
  seedCurves,
  similarityMatrix,
  sweep,
  waveform,
  windowTimeline,
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
/** Two classifiers of overlapping windows. */
const tracks = ["from events", "classifier <2>"].map((name, k) => ({
  name,
  record: k === 0 ? "CAS & DAS" : "Normal",
  windows: [0, 0.5, 1, 1.5, 2, 2.5].map((startSeconds, i) => ({
    startSeconds,
    endSeconds: startSeconds + 1.5,
    label: ["Normal", "CAS", "CAS & DAS"][(i * (k + 1)) % 3]!,
    counts: k === 0 && i < 2,
  })),
}));
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
  mapProfiles: (options) => {
    const profiles = [1, 2, 4].map((cells) => ({
      name: `stage ${cells}`,
      cells,
      rows: Array.from({ length: Math.floor(rows / cells) }, (_, i) => 0.8 + 3 / (1 + i * cells)),
      frames: Array.from({ length: Math.floor(frames / cells) }, (_, i) => 0.9 + 0.3 * noise(i)),
    }));
    return mapProfiles(
      { map, profiles, rowsLabel: "weight of a row", framesLabel: "weight of a frame", reference: 1 },
      options,
    );
  },
  recording: (options) => recording({ ...sound, spectrogram: map }, options),
  "windows over time": (options) => windowTimeline({ seconds, events, tracks }, options),
  "recording with windows": (options) => recording({ ...sound, spectrogram: map, tracks }, options),
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
  similarityMatrix: (options) =>
    similarityMatrix(
      {
        labels: ["1", "<2>", "3"],
        values: [
          [1, -0.62, null],
          [-0.62, 1, 0.31],
          [null, 0.31, 1],
        ],
        thing: "cluster",
        valueLabel: "cosine",
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
  sweep: (options) =>
    sweep(
      {
        series: ["ResNet 18", "ResNet 34"].map((name, g) => ({
          name,
          points: [0.0001, 0.0003, 0.001, 0.003, 0.01].map((at, i) => {
            const mean = 0.7 - 0.03 * (i - 2) ** 2 - 0.05 * g;
            return { at, mean, low: mean - 0.03 - 0.01 * noise(i), high: mean + 0.04 };
          }),
          ...(g === 0 && { printed: [{ at: 0.001, value: 0.74 }] }),
        })),
        xLabel: "learning rate",
        yLabel: "Score (0 to 1)",
        log: true,
      },
      options,
    ),
  "sweep of choices": (options) =>
    sweep(
      {
        series: [
          {
            name: "honest",
            points: ["none", "time shift", "SpecAugment", "concatenation of two cycles", "all of them"].map(
              (at, i) => ({
                at,
                mean: 0.6 + 0.02 * i,
                low: 0.57 + 0.02 * i,
                high: 0.64 + 0.02 * i,
              }),
            ),
          },
        ],
        xLabel: "augmentation",
        yLabel: "Score (0 to 1)",
      },
      options,
    ),
  histogram: (options) =>
    histogram(
      {
        groups: [{ name: "breathing cycles", values: durations(0, 900, 2.6) }],
        xLabel: "duration (s)",
        countLabel: "cycles",
      },
      options,
    ),
  "histogram of several groups": (options) =>
    histogram(
      {
        groups: ["Normal", "Wheeze", "Fine Crackle"].map((name, g) => ({
          name,
          values: durations(5000 * g, 900 / (1 + 5 * g), 1.2 + g),
        })),
        xLabel: "duration (s)",
        countLabel: "events",
        logCounts: true,
      },
      options,
    ),
  embedding: (options) =>
    embedding(
      {
        points: Array.from({ length: 600 }, (_, i) => {
          const g = i % 4;
          const bell = (k: number) => noise(k) + noise(k + 0.3) + noise(k + 0.6) - 1.5;
          return {
            x: 6 * Math.cos(1.6 * g) + 3 * bell(i),
            y: 4 * Math.sin(1.6 * g) + 3 * bell(i + 9000),
            group: ["normal", "wheeze", "crackle", "both"][g]!,
            shape: ["Meditron", "Litt3200", "AKGC417L"][Math.floor(i / 4) % 3]!,
            text: `cycle ${i}`,
          };
        }),
        most: 400,
      },
      options,
    ),
  embeddingPanels: (options) =>
    embeddingPanels(
      {
        labels: ["Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze & Crackle"],
        classes: Array.from({ length: 420 }, (_, i) => (i % 7 === 3 ? 0 : i % 7)),
        panels: [
          ...[30, 50].map((perplexity) => ({
            name: `t-SNE, perplexity ${perplexity}`,
            says: "trustworthiness 0.96; of 15 neighbours 83 % are of the same class",
            points: {
              x: Array.from({ length: 420 }, (_, i) => 5 * Math.cos(i % 7) + 3 * noise(i + perplexity)),
              y: Array.from({ length: 420 }, (_, i) => 5 * Math.sin(i % 7) + 3 * noise(i + 900)),
            },
          })),
          { name: "UMAP, 15 neighbours", points: "12 points are too few for 15 neighbours of each" },
        ],
      },
      options,
    ),
  overlay: (options) =>
    overlay(
      {
        map,
        weights: {
          values: Float32Array.from({ length: 8 * 16 }, (_, i) => {
            const [r, f] = [Math.floor(i / 16), i % 16];
            return (
              Math.exp(-((r - 1.5) ** 2) / 2 - (f - 3.5) ** 2 / 3) + 0.5 * Math.exp(-((r - 2) ** 2) - (f - 12) ** 2)
            );
          }),
          rows: 8,
          frames: 16,
          label: "Grad-CAM++ for Wheeze",
        },
      },
      options,
    ),
  reliability: (options) => {
    const confidences = Array.from({ length: 800 }, (_, i) => 0.3 + 0.7 * Math.sqrt(noise(i)));
    return reliability(
      { confidences, correct: confidences.map((confidence, i) => noise(i + 7000) < confidence ** 1.5) },
      options,
    );
  },
  bars: (options) =>
    bars(
      {
        categories: ["Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze+Crackle"],
        groups: [
          { name: "train", values: [6887, 53, 865, 17, 66, 1167, 34] },
          { name: "inter", values: [1040, 9, 174, null, 12, 208, 0] },
        ],
        xLabel: "kind of event",
        yLabel: "events (count)",
        log: true,
      },
      options,
    ),
  "bars with intervals": (options) =>
    bars(
      {
        categories: ["Normal", "Wheeze", "Crackle", "Both"],
        groups: ["published", "honest"].map((name, g) => {
          const values = [0.82, 0.61, 0.55, 0.31].map((value) => value - 0.08 * g);
          return { name, values, low: values.map((v) => v - 0.05), high: values.map((v) => v + 0.06) };
        }),
        xLabel: "class",
        yLabel: "recall (0 to 1)",
      },
      options,
    ),
};

function durations(from: number, count: number, middle: number): number[] {
  return Array.from({ length: count }, (_, i) => middle * (0.4 + noise(from + i) + noise(from + i + 0.5) ** 2));
}
