/** A figure's height and the share of it that each of its panels takes, for plotly's `domain`. */
export interface Panels {
  /** Of the whole figure, pixels. */
  height: number;
  /** [panels], from top to bottom; 0 is the bottom. */
  domains: [number, number][];
}

/** Panels one above the other. `heights`: pixels of each from top to bottom; `margin`: the figure's. */
export function panelsOf(heights: readonly number[], margin: { t: number; b: number }, gap = 10): Panels {
  const total = heights.reduce((sum, height) => sum + height, 0) + gap * (heights.length - 1);
  let above = 0;
  const domains = heights.map((height): [number, number] => {
    const domain: [number, number] = [1 - (above + height) / total, 1 - above / total];
    above += height + gap;
    return [Math.max(0, domain[0]), domain[1]];
  });
  return { height: total + margin.t + margin.b, domains };
}
