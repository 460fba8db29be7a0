import type { Section } from "./butterworth.js";

/**
 * Second-order sections one behind the other, from silence: causal, delays what passes. SciPy's `sosfilt`, in float64.
 *
 * @param samples [samples]
 * @returns [samples], a new array
 */
export function sosFilter(sections: readonly Section[], samples: Float32Array): Float32Array {
  const out = Float64Array.from(samples);
  for (const section of sections) filterInPlace(section, out, 0, 0);
  return Float32Array.from(out);
}

/**
 * The same filter forwards and then backwards: twice the attenuation, no delay. SciPy's `sosfiltfilt` with its default
 * padding, an odd extension of 3 (2 sections + 1) samples at either end; clips that are not longer than that are extended by
 * all of their samples but one, where SciPy refuses them.
 *
 * @param samples [samples]
 * @returns [samples], a new array
 */
export function sosFilterBothWays(sections: readonly Section[], samples: Float32Array): Float32Array {
  if (samples.length === 0) return new Float32Array(0);
  const edge = Math.min(3 * (2 * sections.length + 1), samples.length - 1);
  const extended = oddExtension(samples, edge);
  filterSettled(sections, extended);
  extended.reverse();
  filterSettled(sections, extended);
  extended.reverse();
  return Float32Array.from(extended.subarray(edge, edge + samples.length));
}

/** Each section starts as if its first sample had always been there. */
function filterSettled(sections: readonly Section[], samples: Float64Array): void {
  let level = samples[0]!;
  for (const section of sections) {
    const { b0, b1, b2, a1, a2 } = section;
    const gain = (b0 + b1 + b2) / (1 + a1 + a2);
    const first = (b1 - a1 * b0 + b2 - a2 * b0) / (1 + a1 + a2);
    const second = (1 + a1) * first - (b1 - a1 * b0);
    filterInPlace(section, samples, first * level, second * level);
    level *= gain;
  }
}

/** Direct form II transposed. */
function filterInPlace({ b0, b1, b2, a1, a2 }: Section, samples: Float64Array, first: number, second: number): void {
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    const y = b0 * x + first;
    first = b1 * x - a1 * y + second;
    second = b2 * x - a2 * y;
    samples[i] = y;
  }
}

/** Point-symmetric continuation about the first and the last sample. */
function oddExtension(samples: Float32Array, edge: number): Float64Array {
  const count = samples.length;
  const out = new Float64Array(count + 2 * edge);
  out.set(samples, edge);
  for (let i = 1; i <= edge; i++) {
    out[edge - i] = 2 * samples[0]! - samples[i]!;
    out[edge + count - 1 + i] = 2 * samples[count - 1]! - samples[count - 1 - i]!;
  }
  return out;
}
