/** Maps values to pixels. */
export type Scale = (value: number) => number;

/** Maps a range of values to pixels, evenly. */
export function scale(from: number, to: number, pixelFrom: number, pixelTo: number): Scale {
  const span = to - from || 1;
  return (value) => pixelFrom + ((value - from) / span) * (pixelTo - pixelFrom);
}

/** Maps a range of values above 0 to pixels by their logarithms. */
export function logScale(from: number, to: number, pixelFrom: number, pixelTo: number): Scale {
  const linear = scale(Math.log(from), Math.log(to), pixelFrom, pixelTo);
  return (value) => linear(Math.log(value));
}

/** Round tick values within [low, high], about `count` of them; the lowest alone where there is no room for steps. */
export function ticks(low: number, high: number, count = 5): number[] {
  const step = roundStep(low, high, count);
  if (!step) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.min(last - first, 10 * count) + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** 1, 2 or 5 times a power of ten that parts a range in about `count`; none where numbers are not that fine. */
export function roundStep(low: number, high: number, count: number): number | undefined {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (raw / power >= 7 ? 10 : raw / power >= 3.5 ? 5 : raw / power >= 1.5 ? 2 : 1);
  const fine = Math.max(Math.abs(low), Math.abs(high)) * 1e-11;
  return Number.isFinite(step) && step > fine && step > 1e-300 ? step : undefined;
}

/** Powers of ten within [low, high], with 2 and 5 between them where the range is short. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const within = last - first <= 3 ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let power = first; power <= last; power++)
    for (const digit of within) values.push(Number((digit * 10 ** power).toPrecision(12)));
  return values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/** Lowest and highest of the finite ones among them; nothing where there are none. Of any length. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!isNumber(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** The extent with a little space on both sides; never below 0 for values that are not. */
export function paddedExtent(values: Iterable<number | null | undefined>, share = 0.06): [number, number] {
  const found = extent(values);
  if (!found) return [0, 1];
  const [low, high] = found;
  const pad = (high - low || Math.abs(high) || 1) * share;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/** A number that can be drawn. */
export function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
