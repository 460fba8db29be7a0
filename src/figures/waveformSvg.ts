import { eventLabels } from "./events.js";
import { minMaxBins } from "./minMax.js";
import { axes, headHeight, scale, shortNumber, svgDocument, svgText, tag, ticks } from "./svg.js";
import type { FigureOptions } from "./theme.js";
import type { WaveformData } from "./waveformFigure.js";

/** Waveform as a static picture: lowest to highest sample of each column, events shaded and named. */
export function waveformSvg({ samples, sampleRateHz, events = [] }: WaveformData, options: FigureOptions = {}): string {
  const width = 720;
  const top = headHeight(options) + (events.length > 0 ? 16 : 4);
  const box = { left: 62, right: width - 16, top, bottom: top + 160 };
  const durationSeconds = samples.length / sampleRateHz;
  const { low, high, timesSeconds } = minMaxBins(samples, sampleRateHz, box.right - box.left);
  let peak = 0;
  for (let i = 0; i < low.length; i++) peak = Math.max(peak, Math.abs(low[i]!), Math.abs(high[i]!));
  peak ||= 1;
  const x = scale(0, durationSeconds, box.left, box.right);
  const y = scale(-peak, peak, box.bottom, box.top);
  const labels = eventLabels(events);
  return svgDocument({
    ...options,
    width,
    height: box.bottom + 46,
    description:
      `Waveform of ${durationSeconds.toFixed(2)} s, peak ${peak.toPrecision(3)} of full scale. ` +
      `${events.map((e) => `${e.label} from ${e.startSeconds.toFixed(2)} to ${e.endSeconds.toFixed(2)} s`).join("; ")}`,
    body: (theme) => {
      let out = axes(
        box,
        theme,
        { label: "time (s)", ticks: ticks(0, durationSeconds, 8), at: x },
        { label: "amplitude (full scale = 1)", ticks: ticks(-peak, peak, 4), at: y },
      );
      for (const event of events) {
        const left = x(event.startSeconds);
        const fill = theme.series[labels.indexOf(event.label) % theme.series.length];
        const area = { x: left, y: box.top, width: x(event.endSeconds) - left, height: box.bottom - box.top };
        out += tag("rect", { ...area, fill, "fill-opacity": 0.2 });
        out += svgText(event.label, left + 2, box.top - 4, { "font-size": 11 });
      }
      const path = timesSeconds.map((t, i) => {
        const px = shortNumber(x(t));
        return `M${px} ${shortNumber(y(low[i]!) + 0.4)}V${shortNumber(y(high[i]!) - 0.4)}`;
      });
      return out + tag("path", { d: path.join(""), stroke: theme.series[0], "stroke-width": 1 });
    },
  });
}
