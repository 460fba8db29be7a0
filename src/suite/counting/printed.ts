/** Places after the point with which a number is printed: those of its literal, and at least the column's. */
export function printedPlaces(printed: number, columnPlaces = 0): number {
  return Math.max(String(printed).split(".")[1]?.length ?? 0, columnPlaces);
}

/** Below the noise of a quotient in double precision, far below half a unit of any printed place. */
const NOISE = 1e-9;

/** Whether a number is printed so; of a tie both neighbours are right. */
export function agrees(printed: number, found: number, places: number): boolean {
  return Math.abs(printed - found) * 10 ** places <= 0.5 + NOISE;
}

/** Whether print holds the number cut after its last place. */
export function isCut(printed: number, found: number, places: number): boolean {
  const scale = 10 ** places;
  return Math.round(printed * scale) === Math.floor(found * scale + NOISE);
}

/** Whether print and the number lie at most one unit of print's last place apart. */
export function isWithinOneUnit(printed: number, found: number, places: number): boolean {
  return Math.abs(printed - found) * 10 ** places <= 1 + NOISE;
}
