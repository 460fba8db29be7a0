import { confusion } from "../../figures/confusion.js";
import { curves } from "../../figures/curves.js";
import type { Figure } from "../../figures/figure.js";
import { sweep } from "../../figures/sweep.js";
import { camPicture, meanCamPicture } from "../pictures/camPicture.js";
import { embeddingPicture } from "../pictures/embeddingPicture.js";
import { windowPicture } from "../pictures/windowPicture.js";
import type { EntryPicture } from "./reportModel.js";

/** An entry's picture, drawn. */
export function figureOfPicture(picture: EntryPicture): Figure {
  const { title, note } = picture;
  const options = { title, ...(note && { note }) };
  if (picture.kind === "cam-mean") return meanCamPicture(picture.cams, options);
  if (picture.kind === "cam-example") return camPicture(picture.example, picture.cams, options);
  if (picture.kind === "embeddings") return embeddingPicture(picture.projections, options);
  if (picture.kind === "curves") return curves(picture.data, options);
  if (picture.kind === "sweep") return sweep(picture.data, options);
  return picture.kind === "windows" ? windowPicture(picture.timeline, options) : confusion(picture.matrix, options);
}
