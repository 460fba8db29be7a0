/** From Okabe and Ito's blue over a white that is no page's to their vermillion, for differences. */
const [blue, white, orange] = [
  [0, 114, 178],
  [247, 247, 247],
  [213, 94, 0],
] as const;

/** Red, green and blue from 0 to 255, [256, 3]; the middle is white. */
export const blueToOrange: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, i) => {
  const place = (2 * i) / 255 - 1;
  const end = place < 0 ? blue : orange;
  return white.map((value, channel) => Math.round(value + (end[channel]! - value) * Math.abs(place)));
});

/** The same for plotly. */
export const blueToOrangeScale = [blue, white, orange].map((rgb, i) => [i / 2, `rgb(${rgb.join(",")})`]);
