import type { ClipBuilder } from "../features/store/clipBuilder.js";
import type { ExportPlace } from "../node/workers/exportPlace.js";
import { cycleguardianTestPath } from "./cycleguardian/frontEnd.js";
import { glancegazeTestPath } from "./glancegaze/frontEnd.js";
import { multibreathTestPath } from "./multibreath/frontEnd.js";
import { respirenetTestPath } from "./respirenet/frontEnd.js";
import type { TestPath } from "./testPath.js";

/** The papers' inputs of ICBHI's cycles on their test-time path, for the feature store. */
export const cycleguardianClips = testPathClips(cycleguardianTestPath());
export const multibreathClips = testPathClips(multibreathTestPath());
export const glancegazeClips = testPathClips(glancegazeTestPath());
export const respirenetClips = testPathClips(respirenetTestPath());

/** Where worker threads find them. */
export const testPathClipsPlace = (
  name: "cycleguardianClips" | "multibreathClips" | "glancegazeClips" | "respirenetClips",
): ExportPlace => ({ file: "src/papers/testPathClips.ts", name });

/** A cycle is cut before it is resampled, as the recipes do. Of a clip in several maps, these stand one after the other. */
function testPathClips({ recipe, frontEnd, digest, maps }: TestPath): ClipBuilder {
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
