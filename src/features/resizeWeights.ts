/** One output of a resampling along one axis: source places and their weights. */
export interface Tap {
  from: number[];
  weight: number[];
}

/**
 * Bilinear resizing along one axis with pixel centres aligned, as OpenCV's INTER_LINEAR: output i lies at
 * (i + 0.5) * size / outSize - 0.5, and beyond the first and last pixel's centre stands that pixel.
 */
export function resizeTaps(size: number, outSize: number): Tap[] {
  return Array.from({ length: outSize }, (_, i) => {
    const place = Math.min(Math.max(((i + 0.5) * size) / outSize - 0.5, 0), size - 1);
    const low = Math.floor(place);
    const share = place - low;
    return share === 0 ? { from: [low], weight: [1] } : { from: [low, low + 1], weight: [1 - share, share] };
  });
}

/** Two resamplings after each other as one: `second` reads the outputs of `first`, from the `skip`-th. */
export function composedTaps(first: readonly Tap[], second: readonly Tap[], skip = 0): Tap[] {
  return second.map(({ from, weight }) => {
    const sums = new Map<number, number>();
    from.forEach((between, i) => {
      const tap = first[between + skip]!;
      tap.from.forEach((source, j) => {
        sums.set(source, (sums.get(source) ?? 0) + weight[i]! * tap.weight[j]!);
      });
    });
    return { from: [...sums.keys()], weight: [...sums.values()] };
  });
}
