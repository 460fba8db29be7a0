import type { CamExample, Cams } from "../../explain/camFiles.js";
import { type Figure, withNote } from "../../figures/figure.js";
import { heatmap } from "../../figures/heatmap.js";
import { overlay } from "../../figures/overlay.js";
import type { FigureOptions } from "../../figures/theme.js";

const ROWS = "row of the picture, from below";

/** What a network looked at, averaged over the items of a test set. */
export function meanCamPicture(
  { mean, windows, items, hopSeconds, layer }: Omit<Cams, "examples">,
  options: FigureOptions = {},
): Figure {
  const of = windows === items ? `${items} cycles` : `${windows} windows of ${items} cycles`;
  const data = { ...mean, hopSeconds, rowLabel: ROWS, valueLabel: "mean of Grad-CAM++ (0 to 1)" };
  return heatmap({ ...data, thinBy: "mean" }, withNote(options, `mean over ${of}, at ${layer}`));
}

/** What a network looked at in one item, over what it saw of it. */
export function camPicture(
  { input, map, label, decided }: CamExample,
  { labels, hopSeconds, layer }: Omit<Cams, "mean" | "examples">,
  options: FigureOptions = {},
): Figure {
  const below = { ...input, hopSeconds, rowLabel: ROWS, valueLabel: "the network's input", thinBy: "mean" as const };
  const weights = { ...map, label: `Grad-CAM++ for ${labels[decided]}` };
  const words = `${labels[label]}, taken for ${labels[decided]}`;
  return overlay({ map: below, weights }, withNote(options, words, `at ${layer}`));
}
