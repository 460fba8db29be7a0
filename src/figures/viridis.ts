/** Anchors of matplotlib's and plotly's Viridis, evenly spaced; it is read alike with any colour vision and in grey. */
const anchors = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/** 256 colours from lowest to highest: red, green, blue, 0 to 255. */
export const viridis = Array.from({ length: 256 }, (_, i) => {
  const position = (i / 255) * (anchors.length - 1);
  const below = Math.min(Math.floor(position), anchors.length - 2);
  return [0, 1, 2].map((c) => {
    const start = anchors[below]![c]!;
    return Math.round(start + (position - below) * (anchors[below + 1]![c]! - start));
  });
});

/** 256 greys from dark to light, for a map under something coloured. */
export const greys = Array.from({ length: 256 }, (_, i) => {
  const level = Math.round(24 + (i / 255) * 216);
  return [level, level, level];
});
