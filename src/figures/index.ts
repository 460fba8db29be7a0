/** The figures, each one call from plain data: `show(curves(data, { title }))`. */
export { confusion } from "./confusion.js";
export { curves } from "./curves.js";
export { heatmap } from "./heatmap.js";
export { intervals } from "./intervals.js";
export { waveform } from "./waveform.js";
