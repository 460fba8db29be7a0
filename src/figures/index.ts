/** The figures, each one call from plain data: `show(curves(data, { title }))`. */
export { type BarGroup, type BarsData, bars } from "./bars.js";
export { type ConfusionData, confusion } from "./confusion.js";
export { type Curve, type CurvesData, curves } from "./curves.js";
export { type EmbeddingData, type EmbeddingPoint, embedding } from "./embedding.js";
export { type EmbeddingPanel, type EmbeddingPanelsData, embeddingPanels } from "./embeddingPanels.js";
export type { EventMark } from "./eventLanes.js";
export type { Figure } from "./figure.js";
export { type HeatmapData, heatmap } from "./heatmap.js";
export { type HistogramData, type HistogramGroup, histogram } from "./histogram.js";
export { type IntervalRow, type IntervalsData, intervals } from "./intervals.js";
export { type MapPanel, type MapPanelsData, mapPanels } from "./mapPanels.js";
export { type OverlayData, type OverlayWeights, overlay } from "./overlay.js";
export { type RecordingData, recording } from "./recording.js";
export { type ReliabilityData, reliability } from "./reliability.js";
export { type SeedCurvesData, type SeedGroup, seedCurves } from "./seedCurves.js";
export { type SweepData, type SweepPoint, type SweepSeries, sweep } from "./sweep.js";
export type { FigureOptions, Template } from "./theme.js";
export { type WaveformData, waveform } from "./waveform.js";
