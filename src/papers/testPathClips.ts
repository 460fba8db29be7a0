import type { ExportPlace } from "../node/workers/exportPlace.js";
import { cycleguardianTestPath } from "./cycleguardian/frontEnd.js";
import { glancegazeTestPath } from "./glancegaze/frontEnd.js";
import { multibreathTestPath } from "./multibreath/frontEnd.js";
import { respirenetTestPath } from "./respirenet/frontEnd.js";
import { testPathBuilder } from "./testPathBuilder.js";

/** The papers' inputs of ICBHI's cycles on their test-time path, for the feature store. */
export const cycleguardianClips = testPathBuilder(cycleguardianTestPath());
export const multibreathClips = testPathBuilder(multibreathTestPath());
export const glancegazeClips = testPathBuilder(glancegazeTestPath());
export const respirenetClips = testPathBuilder(respirenetTestPath());

/** Where worker threads find them. */
export const testPathClipsPlace = (
  name: "cycleguardianClips" | "multibreathClips" | "glancegazeClips" | "respirenetClips",
): ExportPlace => ({ file: "src/papers/testPathClips.ts", name });
