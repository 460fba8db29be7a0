/** How one output is drawn everywhere: the colour may not be seen, the dashes and the sign can. */
export interface SeriesStyle {
  colour: string;
  dash: readonly number[];
  sign: Sign;
}

export type Sign = "circle" | "square" | "triangle" | "diamond" | "cross" | "plus" | "star";

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [12, 5], [1, 5]];
const SIGNS: readonly Sign[] = ["circle", "square", "triangle", "diamond", "cross", "plus", "star"];

/** Colours of the page at this moment: light or dark. */
export interface Colours {
  ink: string;
  muted: string;
  grid: string;
  panel: string;
  soft: string;
  accent: string;
  warn: string;
  series: readonly string[];
}

export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ink: of("ink"), muted: of("muted"), grid: of("grid"), panel: of("panel"), soft: of("soft") },
    ...{ accent: of("accent"), warn: of("warn") },
    // The seventh has the text's colour, as in the figures.
    series: [...[0, 1, 2, 3, 4, 5].map((i) => of(`series-${i}`)), of("ink")],
  };
}

export function seriesStyle(colours: Colours, index: number): SeriesStyle {
  return {
    colour: colours.series[index % colours.series.length]!,
    dash: DASHES[index % DASHES.length]!,
    sign: SIGNS[index % SIGNS.length]!,
  };
}

/** The sign's outline around a place, for a canvas and for an SVG path alike. */
export function signPath(sign: Sign, x: number, y: number, size: number): string {
  const r = size;
  const at = (dx: number, dy: number) => `${(x + dx * r).toFixed(2)} ${(y + dy * r).toFixed(2)}`;
  const polygon = (points: [number, number][]) => `M${points.map(([dx, dy]) => at(dx, dy)).join("L")}Z`;
  const ring = (count: number, radius: (i: number) => number): [number, number][] =>
    Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / count - Math.PI / 2;
      return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
    });
  const plus: [number, number][] = [
    [-0.3, -1],
    [0.3, -1],
    [0.3, -0.3],
    [1, -0.3],
    [1, 0.3],
    [0.3, 0.3],
    [0.3, 1],
    [-0.3, 1],
    [-0.3, 0.3],
    [-1, 0.3],
    [-1, -0.3],
    [-0.3, -0.3],
  ];
  const shapes: Record<Sign, () => [number, number][]> = {
    circle: () => ring(16, () => 0.9),
    square: () => [
      [-0.8, -0.8],
      [0.8, -0.8],
      [0.8, 0.8],
      [-0.8, 0.8],
    ],
    triangle: () => ring(3, () => 1.15),
    diamond: () => ring(4, () => 1.15),
    cross: () => plus.map(([dx, dy]) => [0.75 * (dx - dy), 0.75 * (dx + dy)]),
    plus: () => plus,
    star: () => ring(10, (i) => (i % 2 === 0 ? 1.25 : 0.5)),
  };
  return polygon(shapes[sign]());
}
