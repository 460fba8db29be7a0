import { compactNumbers } from "./compactNumbers.js";
import { type FigureLike, type Slot, show } from "./display.js";
import { figureImage, type ImageSize } from "./figureImage.js";

/**
 * Shows a plotly figure of one's own making, with a picture in the same output for readers that do not draw plotly; where
 * no picture can be made, a sentence says so in its place. Figures of `src/figures/` are shown by `show`.
 */
export async function showPlotly(figure: FigureLike, size: ImageSize = {}, slot?: Slot): Promise<void> {
  const image = await figureImage(figure, size);
  const still =
    "png" in image
      ? { "image/png": Buffer.from(image.png).toString("base64") }
      : { "text/plain": `A plotly figure without a picture: ${image.problem}.` };
  show({ "application/vnd.plotly.v1+json": compactNumbers(figure), ...still }, slot);
}
