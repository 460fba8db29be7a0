import { writeFileSync } from "node:fs";
import path from "node:path";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { logmelIndexText } from "../../../src/datasets/icbhiLogmel/indexFile.js";
import { npyHeader } from "../../../src/node/npy.js";

/** Maps of the fixture's recordings; all values of map i are i. */
export function withMaps(dataDir: string, change: (index: string) => string = (index) => index): string {
  const { recordings } = loadIcbhi(dataDir);
  const rows = recordings.flatMap(({ name, cycles, officialSide }) =>
    cycles.map(({ crackle, wheeze }, cycle) => ({
      recording: name,
      cycle,
      crackle,
      wheeze,
      officialSide: officialSide!,
    })),
  );
  writeFileSync(path.join(dataDir, "icbhi", "logmel_index.csv"), change(logmelIndexText(rows)));
  const values = rows.map((_, i) => new Uint8Array(90 * 173).fill(i));
  writeFileSync(
    path.join(dataDir, "icbhi", "logmel.npy"),
    Buffer.concat([npyHeader("uint8", [rows.length, 90, 173]), ...values]),
  );
  return dataDir;
}
