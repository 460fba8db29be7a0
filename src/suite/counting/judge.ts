import type { CountQuery } from "../entry.js";
import type { Flag } from "../flag.js";
import { type CountingData, NotCounted, orNotCounted } from "./countingData.js";
import { countQuery, type LengthReading } from "./countQuery.js";
import { explainPrint } from "./explainPrint.js";
import { inUnit } from "./inUnit.js";
import type { JudgedCell, OtherRow } from "./judgedCell.js";
import { agrees, isCut, isWithinOneUnit, printedPlaces } from "./printed.js";

/** What is wrong with a printed number, or undefined where it agrees with the count at printed precision. */
export function judge(cell: JudgedCell, data: CountingData): Flag | undefined {
  const { row, column, printed, counted } = cell;
  const places = printedPlaces(printed, column.decimals);
  if (agrees(printed, counted, places)) return undefined;
  const exact = column.unit === "count" ? String(counted) : counted.toFixed(places + 2);
  const start = `${printed.toFixed(places)} is printed, ${exact} counted`;
  const flag = (kind: Flag["kind"], why: string): Flag => {
    const says = why === "" ? start : `${start}: ${why}`;
    return { row, column: column.key, printed, found: counted, kind, says };
  };

  const exchanged = cell.others.find((other) => isExchanged(cell, other, places));
  if (exchanged)
    return flag(
      "error",
      `this is the ${column.unit === "count" ? "count" : "share"} of ${exchanged.row}, and the other way round`,
    );
  if (column.unit !== "count" && isCut(printed, counted, places)) return flag("truncation", "cut, not rounded");
  const edge = otherEdge(cell, places, data);
  if (edge) return flag("bin edge", edge);
  if (column.unit !== "count" && isWithinOneUnit(printed, counted, places)) return flag("rounding", "rounded wrongly");
  return flag("error", explainPrint(cell, places, data));
}

/** Whether two rows of a column are wrong, and each is right with the other's number. */
function isExchanged({ printed, counted, column }: JudgedCell, other: OtherRow, places: number): boolean {
  if (other.printed === null || other.counted === null) return false;
  const otherPlaces = printedPlaces(other.printed, column.decimals);
  return (
    !agrees(other.printed, other.counted, otherPlaces) &&
    agrees(printed, other.counted, places) &&
    agrees(other.printed, counted, otherPlaces)
  );
}

/** How a bin's edges must be read for the printed number, if that does it. */
function otherEdge({ printed, query, column }: JudgedCell, places: number, data: CountingData): string | undefined {
  if (!query.lengthSeconds || query.length) return undefined;
  const own = query.includes ?? "from";
  const other = own === "from" ? "to" : "from";
  const readings: readonly [CountQuery["includes"], LengthReading, string][] = [
    [own, "double precision", "right for lengths computed as end minus start in double precision"],
    [other, "annotated", `right where a bin holds its ${other === "to" ? "upper" : "lower"} edge`],
    [
      other,
      "double precision",
      `right where a bin holds its ${other === "to" ? "upper" : "lower"} edge and lengths are computed as end minus start in double precision`,
    ],
  ];
  for (const [includes, reading, why] of readings) {
    const found = orNotCounted(() => countQuery({ ...query, includes }, data, reading));
    if (found instanceof NotCounted || found === null) continue;
    if (agrees(printed, inUnit(found, query, column.unit), places)) return why;
  }
  return undefined;
}
