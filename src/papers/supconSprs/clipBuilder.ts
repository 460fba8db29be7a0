import { type ClipBuilder, clipBuilder } from "../../features/store/clipBuilder.js";
import type { ExportPlace } from "../../node/workers/exportPlace.js";
import { type SupconMfccOptions, supconFrontEnd, supconMfcc } from "./frontEnd.js";

/** The stored maps of the SupCon paper: of events or of whole recordings, as long as they are. */
export const supconClips = clipBuilder(supconMfcc);

/** Where worker threads find it. */
export const supconClipsPlace = { file: "src/papers/supconSprs/clipBuilder.ts", name: "supconClips" };

/** The same with other features, as the search tries them. */
export function searchedClips(options: SupconMfccOptions): ClipBuilder {
  return clipBuilder(supconFrontEnd(options));
}

/** Where worker threads find them. */
export function searchedClipsPlace(options: SupconMfccOptions): ExportPlace {
  return { file: "src/papers/supconSprs/clipBuilder.ts", name: "searchedClips", args: [options] };
}
