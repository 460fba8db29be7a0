/** Steps of a time axis in seconds: those that clocks have. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Times for the ticks of an axis, at most `most` of them, with their texts. */
export function timeTicks(from: number, to: number, most: number): { seconds: number; text: string }[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS.at(-1)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const seconds = (first + i) * step;
    return { seconds, text: clockText(seconds, step < 1 ? (step < 0.1 ? 2 : 1) : 0) };
  });
}

/** 75.25 as "1:15.2" with one digit; below a minute seconds alone, "15 s". */
export function clockText(seconds: number, digits = 0): string {
  const shown = Number(seconds.toFixed(digits));
  if (shown < 60) return `${shown.toFixed(digits)} s`;
  const minutes = Math.floor(shown / 60);
  const rest = (shown - 60 * minutes).toFixed(digits).padStart(digits > 0 ? 3 + digits : 2, "0");
  return `${minutes}:${rest}`;
}
