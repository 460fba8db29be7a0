import path from "node:path";
import { readWindowTimeline } from "../../evaluation/windowsFile.js";
import { readCams } from "../../explain/camFiles.js";
import { readProjections } from "../../explain/embeddingFiles.js";
import { confusion } from "../../figures/confusion.js";
import { type CurvesData, curves } from "../../figures/curves.js";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { readClusterLook } from "../../papers/cycleguardian/clusterLook.js";
import { caveatsOf } from "../caveats.js";
import { meanCamPicture } from "../pictures/camPicture.js";
import { clusterPicture, clusterSimilarityPicture } from "../pictures/clusterPicture.js";
import { embeddingPicture } from "../pictures/embeddingPicture.js";
import { lossCurves } from "../pictures/lossCurves.js";
import { windowPicture } from "../pictures/windowPicture.js";
import type { RunRecord } from "../runRecord.js";
import { searchFigures } from "../searching/searchFigures.js";
import { runName } from "./runDescription.js";

/** Writes a run's pictures to `figures/` of its folder; answers the files and what each shows. The data behind them are in `runTables`. */
export function writeRunFigures(folder: string, record: RunRecord): { file: string; says: string }[] {
  const { request, data, reduced, split, result } = record;
  const files: { file: string; says: string }[] = [];
  const write = (name: string, says: string, svg: string) => {
    const file = path.join(folder, "figures", name);
    writeFileAtomic(file, svg);
    files.push({ file, says });
  };
  if (result.search) {
    for (const { name, says, figure } of searchFigures(result.search, { note: runName(request, data.madeUp) }))
      write(name, says, figure.svg());
    return files;
  }
  const caveats = caveatsOf(split).map(({ what }) => what);
  const note = [runName(request, data.madeUp), ...(reduced ? ["reduced budget"] : []), ...caveats].join(", ");
  for (const [set, { confusion: matrix }] of Object.entries(result.tests)) {
    const title = `Confusion, ${set}`;
    write(
      `confusion-${set}.svg`,
      `confusion matrix on ${set}, of the chosen epoch`,
      confusion(matrix, { title, note }).svg(),
    );
  }
  write(
    "curves-score.svg",
    "Score per epoch, the chosen one marked",
    curves(curvesOf(record, "score", "Score"), { title: "Score per epoch", note }).svg(),
  );
  write(
    "curves-loss.svg",
    "loss per epoch, the chosen one marked",
    curves(curvesOf(record, "loss", "cross-entropy, nats"), { title: "Loss per epoch", note }).svg(),
  );
  const losses = lossCurves(result);
  if (losses.series.length > 1) {
    write(
      "curves-parts.svg",
      "training loss and its parts per epoch",
      curves(losses, { title: "Training loss and its parts per epoch", note }).svg(),
    );
  }
  const projections = readProjections(folder, "select");
  if (projections) {
    write(
      "embeddings.svg",
      "t-SNE and UMAP of the select items' embeddings, with how far they may be believed",
      embeddingPicture(projections, { title: "Embeddings of the select items", note }).svg(),
    );
  }
  const clusters = readClusterLook(folder);
  if (clusters) {
    write(
      "clusters.svg",
      "which clusters the groups of each class's cycles are in",
      clusterPicture(clusters, { title: "Clusters of the groups of each class", note }).svg(),
    );
    write(
      "cluster-similarity.svg",
      "how alike the vectors of two clusters of a cycle are",
      clusterSimilarityPicture(clusters, { title: "How alike the clusters are", note }).svg(),
    );
  }
  const cams = readCams(folder);
  if (cams) {
    write(
      "looked-at.svg",
      "what the network looked at in the test set, by Grad-CAM++ of the decided classes, on average",
      meanCamPicture(cams, { title: "What the network looked at, on average", note }).svg(),
    );
  }
  const timeline = readWindowTimeline(folder);
  if (timeline) {
    write(
      "windows.svg",
      "labels of the windows of one test recording, from its events and decided, with the record label of each",
      windowPicture(timeline, { title: "Labels of windows over time", note }).svg(),
    );
  }
  return files;
}

/** One metric of a run by epoch, a series for each set or role that has it. */
export function curvesOf({ result }: Pick<RunRecord, "result">, metric: string, yLabel: string): CurvesData {
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
