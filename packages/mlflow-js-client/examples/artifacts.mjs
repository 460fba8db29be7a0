// Everything that can stand beside numbers: a description, a data set, tables, pictures, a page, a model.
import { mlflow } from "mlflow-js-client";

const bars = [3, 7, 5];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10">${bars
  .map((height, index) => `<rect x="${index * 10 + 1}" y="${10 - height}" width="8" height="${height}" fill="teal"/>`)
  .join("")}</svg>`;

await mlflow.withRun(
  { experiment: "examples", name: "artifacts", description: "# Bars\nThree of **them**." },
  (run) => {
    run.logInput({ name: "bars", digest: "3-7-5", source: "made up here", context: "train", profile: { rows: 3 } });
    run.logTable({ name: ["a", "b", "c"], height: bars }, "tables/bars.json");
    run.logImage(Buffer.from(svg), "figures/bars.svg");
    run.logHtml(`<h1>Bars</h1>${svg}`, "bars.html");
    run.logJson({ bars }, "bars.json");
    const weights = new Uint8Array(Float32Array.from(bars).buffer);
    run.logModel({
      name: "bars-model",
      type: "three-numbers",
      files: { "model.json": Buffer.from('{"layers": 0}'), "weights.bin": weights },
      flavors: { "three-numbers": { data: "weights.bin" } },
      params: { count: bars.length },
    });
  },
);
