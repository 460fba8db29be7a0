import { loadIcbhi } from "../datasets/icbhi/load.js";
import { loadIcbhiLogmel } from "../datasets/icbhiLogmel/load.js";
import { logmelFileOf } from "../datasets/icbhiLogmel/match.js";
import { loadedOnce } from "./loadedOnce.js";

/**
 * Annotations of ICBHI and the index of the stored maps of all cycles, held against each other; the maps themselves are read by runs.
 * `fileOf` is for `icbhiSplit`.
 */
export function icbhiMaps(dataDir: string) {
  return loadedOnce(["icbhi maps", dataDir], () => {
    const icbhi = loadIcbhi(dataDir);
    const maps = loadIcbhiLogmel(dataDir);
    try {
      const { digest, madeUp } = maps;
      const ofRecording = logmelFileOf(maps, icbhi);
      const present = new Map(icbhi.recordings.map((recording) => [recording.name, ofRecording(recording)]));
      return {
        ...{ icbhi, digest, madeUp: madeUp || icbhi.madeUp },
        fileOf: ({ name }: { name: string }) => present.get(name),
      };
    } finally {
      maps.close();
    }
  });
}
