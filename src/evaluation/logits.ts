/**
 * Natural logarithms of the softmax of each row, computed without overflow.
 * @param logits `[items, classes]`, row-major
 * @param temperature logits are divided by it; 1 unless told
 */
export function logSoftmaxRows(logits: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]! / temperature);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[start + c]! / temperature - largest);
    const shift = largest + Math.log(sum);
    for (let c = 0; c < classes; c++) result[start + c] = logits[start + c]! / temperature - shift;
  }
  return result;
}

/** The class of each row's largest value, the first among equals, [items]. */
export function decisionsOf(values: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: values.length / classes }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (values[i * classes + c]! > values[i * classes + best]!) best = c;
    return best;
  });
}
