/** Index in a clip that is reflected at its ends as often as needed, as NumPy's `pad(mode="reflect")` does. */
export function reflectedIndex(index: number, count: number): number {
  if (count === 1) return 0;
  const period = 2 * (count - 1);
  const within = ((index % period) + period) % period;
  return within < count ? within : period - within;
}
