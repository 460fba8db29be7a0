/**
 * The 95 % interval of a share after Wilson (1927), 0 to 1: it stays within its bounds, and has a length where all or
 * none were right. `total` is above 0.
 */
export function wilsonInterval(hits: number, total: number): [number, number] {
  const z = 1.959963984540054;
  const share = hits / total;
  const squared = (z * z) / total;
  const middle = (share + squared / 2) / (1 + squared);
  const half = (z / (1 + squared)) * Math.sqrt((share * (1 - share)) / total + squared / (4 * total));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
