import type { ValueMap } from "./thinMap.js";

/** A straight piece of a contour between two points, each [frame, row]; 0 is the centre of the first. */
export type ContourPiece = [[number, number], [number, number]];

/**
 * Where a map reaches a level, by marching squares between the centres of its cells. At a saddle the two corners at or
 * above the level are kept apart.
 */
export function contourPieces({ values, rows, frames }: ValueMap, level: number): ContourPiece[] {
  const pieces: ContourPiece[] = [];
  for (let r = 0; r + 1 < rows; r++)
    for (let f = 0; f + 1 < frames; f++) {
      // Around the square, from its first corner on: [frame, row].
      const corners: [number, number][] = [
        [f, r],
        [f + 1, r],
        [f + 1, r + 1],
        [f, r + 1],
      ];
      const at = corners.map(([frame, row]) => values[row * frames + frame]!);
      if (!at.every(Number.isFinite)) continue;
      const crossings = corners.map((from, k): [number, number] | undefined => {
        const next = (k + 1) % 4;
        if (at[k]! >= level === at[next]! >= level) return undefined;
        const share = (level - at[k]!) / (at[next]! - at[k]!);
        const to = corners[next]!;
        return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
      });
      const [a, b, c, d] = crossings;
      if (a && b && c && d)
        pieces.push(
          ...(at[0]! >= level
            ? ([
                [d, a],
                [b, c],
              ] as ContourPiece[])
            : ([
                [a, b],
                [c, d],
              ] as ContourPiece[])),
        );
      else {
        const [from, to] = crossings.filter((crossing) => crossing !== undefined);
        if (from && to) pieces.push([from, to]);
      }
    }
  return pieces;
}
