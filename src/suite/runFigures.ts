import path from "node:path";
import { confusionSvg } from "../figures/confusionSvg.js";
import type { CurvesData } from "../figures/curvesFigure.js";
import { curvesSvg } from "../figures/curvesSvg.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";
import { caveatsOf } from "./caveats.js";
import { runName } from "./runDescription.js";
import type { RunRecord } from "./runRecord.js";

/** Writes a run's pictures and the data behind them to `figures/` of its folder; answers the files. */
export function writeRunFigures(folder: string, record: RunRecord): string[] {
  const { request, data, reduced, split, result } = record;
  const files: string[] = [];
  const write = (name: string, content: string | object) => {
    const file = path.join(folder, "figures", name);
    if (typeof content === "string") writeFileAtomic(file, content);
    else writeJsonAtomic(file, content);
    files.push(file);
  };
  const caveats = caveatsOf(split).map(({ what }) => what);
  const note = [runName(request, data.madeUp), ...(reduced ? ["reduced budget"] : []), ...caveats].join(", ");
  for (const [set, { confusion }] of Object.entries(result.tests)) {
    write(`confusion-${set}.svg`, confusionSvg(confusion, { title: `Confusion, ${set}`, note }));
    write(`confusion-${set}.json`, confusion);
  }
  write("curves-score.svg", curvesSvg(curves(record, "score", "Score"), { title: "Score per epoch", note }));
  write("curves-loss.svg", curvesSvg(curves(record, "loss", "cross-entropy, nats"), { title: "Loss per epoch", note }));
  return files;
}

/** One metric of a run by epoch, a series for each set or role that has it. */
export function curves({ result }: Pick<RunRecord, "result">, metric: string, yLabel: string): CurvesData {
  const keys = Object.keys(result.history[0]?.metrics ?? {}).filter((key) => key.endsWith(`/${metric}`));
  return {
    yLabel,
    chosenEpoch: result.chosenEpoch,
    series: keys.map((key) => ({
      name: key.slice(0, -metric.length - 1),
      epochs: result.history.map((record) => record.epoch),
      values: result.history.map((record) => record.metrics[key] ?? null),
    })),
  };
}
