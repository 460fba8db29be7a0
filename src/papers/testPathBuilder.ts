import type { ClipBuilder } from "../features/store/clipBuilder.js";
import type { TestPath } from "./testPath.js";

/** A test path's inputs for the feature store. A cycle is cut before it is resampled, as the recipes do. Of a clip in several maps, these stand one after the other. */
export function testPathBuilder({ recipe, frontEnd, digest, maps }: TestPath): ClipBuilder {
  const { rows, channels } = frontEnd;
  return {
    name: recipe,
    digestText: digest,
    rows,
    ...(channels !== undefined && { channels }),
    prepare: (recording) => recording,
    compute(piece, sampleRateHz) {
      const parts = maps(piece, sampleRateHz);
      const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
      let at = 0;
      for (const part of parts) {
        data.set(part.data, at);
        at += part.data.length;
      }
      return { ...parts[0]!, data, frames: parts.reduce((sum, { frames }) => sum + frames, 0) };
    },
  };
}
