/** Levenshtein's distance between two words. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** " (did you mean ...?)" with up to three of the known names closest to a wrong one, or "" where none is near. */
export function nearest(wrong: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, off: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, off }) => off <= Math.max(2, Math.max(wrong.length, name.length) / 2))
    .sort((a, b) => a.off - b.off)
    .slice(0, 3)
    .map(({ name }) => `"${name}"`);
  return near.length > 0 ? ` (did you mean ${near.join(" or ")}?)` : "";
}
