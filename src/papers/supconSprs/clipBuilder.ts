import { clipBuilder } from "../../features/store/clipBuilder.js";
import { supconMfcc } from "./frontEnd.js";

/** The stored maps of the SupCon paper: of events or of whole recordings, as long as they are. */
export const supconClips = clipBuilder(supconMfcc);

/** Where worker threads find it. */
export const supconClipsPlace = { file: "src/papers/supconSprs/clipBuilder.ts", name: "supconClips" };
