export interface Fade {
  /** Samples of the rise at the start, from 0 to 1, both among them; 0 for none. */
  inSamples: number;
  /** Samples of the fall at the end. */
  outSamples: number;
}

/**
 * Linear fades: `torchaudio.transforms.Fade` with `fade_shape="linear"`. A fade longer than the clip is made as long as the clip.
 *
 * @param samples [samples]
 * @returns [samples], a new array
 * @throws RangeError for a length that is no integer from 0
 */
export function fade(samples: Float32Array, { inSamples, outSamples }: Fade): Float32Array {
  for (const [name, length] of Object.entries({ inSamples, outSamples })) {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`fade: ${name} must be an integer from 0, got ${length}`);
    }
  }
  const out = samples.slice();
  const last = out.length - 1;
  const rise = Math.min(inSamples, out.length);
  const fall = Math.min(outSamples, out.length);
  for (let i = 0; i < rise; i++) out[i]! *= i / Math.max(rise - 1, 1);
  for (let i = 0; i < fall; i++) out[last - i]! *= i / Math.max(fall - 1, 1);
  return out;
}
