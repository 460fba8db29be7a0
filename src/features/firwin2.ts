/**
 * Linear-phase FIR filter by frequency sampling and a symmetric Hamming window: SciPy's `firwin2(taps, corners, gains)`.
 *
 * @param taps even, so that the response at half the rate must be 0
 * @param corners ascending from 0 to 1, where 1 is half the rate
 * @param gains at the corners, straight lines between; the last is 0
 * @returns [taps]
 */
export function frequencySampledFilter(
  taps: number,
  corners: readonly number[],
  gains: readonly number[],
): Float64Array {
  const points = 1 + 2 ** Math.ceil(Math.log2(taps));
  const response = Float64Array.from({ length: points }, (_, i) => interpolated(i / (points - 1), corners, gains));
  const middle = (taps - 1) / 2;
  return Float64Array.from({ length: taps }, (_, n) => {
    let sum = response[0]!;
    for (let k = 1; k < points - 1; k++) {
      sum += 2 * response[k]! * Math.cos((Math.PI * k * (n - middle)) / (points - 1));
    }
    const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (taps - 1));
    return (window * sum) / (2 * (points - 1));
  });
}

function interpolated(x: number, corners: readonly number[], gains: readonly number[]): number {
  const above = Math.max(
    1,
    corners.findIndex((corner) => corner >= x),
  );
  const [left, right] = [corners[above - 1]!, corners[above]!];
  return gains[above - 1]! + ((x - left) / (right - left)) * (gains[above]! - gains[above - 1]!);
}
