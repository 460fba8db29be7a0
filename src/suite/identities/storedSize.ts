import type { Flag } from "../flag.js";
import type { PrintedCell } from "./printedCell.js";
import { flag, kindOf, roundHalfUp } from "./recompute.js";

const PLAIN_HEAD = { CNN14: 76_528_452, ResNet22: 11_270_852, MobileNetV2: 2_881_220, CNN6: 4_370_500 };

/** Parameters of the networks whose size is printed, by entry and row (papers.md 1.3 and 2.3). */
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // The authors' public network; it is the same with either similarity term.
  "cycleguardian/table2": { "Ours (cos)": 6_790_967, "Ours (soft cos)": 6_790_967 },
  "cycleguardian/table6": { "Ours (cos)": 6_790_967, Ours: 6_790_967 },
  "multibreath/table1": PLAIN_HEAD,
  "multibreath/table2": PLAIN_HEAD,
  // Attention head of six heads and four outputs.
  "multibreath/table3": { CNN14: 75_526_464, ResNet22: 11_216_960, MobileNetV2: 2_254_016, CNN6: 4_316_608 },
};

const BYTES_PER_PARAMETER = 4;

/** A printed size is the network's number of parameters, in millions, or times four bytes, in megabytes. */
export function storedSize(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((cell) => {
    const parameters = PARAMETERS[cell.entry.id]?.[cell.row.name];
    if (parameters === undefined || cell.measure.metric !== "parameters" || cell.measure.minus) return [];
    const found = (parameters * (cell.column.unit === "megabytes" ? BYTES_PER_PARAMETER : 1)) / 1e6;
    if (roundHalfUp(found, cell.places) === cell.value) return [];
    return [flag(cell, found, kindOf(cell, found), `the network has ${parameters.toLocaleString("en")} parameters`)];
  });
}
