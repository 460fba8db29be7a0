/** One axis of a convolution or a pool. */
export interface Window {
  size: number;
  stride: number;
  padding: number;
  dilation: number;
}

/**
 * How many places a window has along an axis, by PyTorch's formula, rounded down.
 *
 * @param length of the axis; null (not known yet) gives null
 * @throws RangeError, naming the layer, where the window does not fit once
 */
export function places(layer: string, length: number | null, window: Window): number | null {
  if (length === null) return null;
  const span = window.dilation * (window.size - 1) + 1;
  const count = Math.floor((length + 2 * window.padding - span) / window.stride) + 1;
  if (count >= 1) return count;
  const padded = window.padding === 0 ? "" : ` with ${window.padding} added on both sides`;
  throw new RangeError(`${layer}: an axis of ${length} cells${padded} is shorter than the layer's window of ${span}`);
}
