/** Modified Bessel function of the first kind, order 0, by its power series; exact to rounding for the arguments of windows. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** Shape of the Kaiser window whose low-pass filters attenuate their stop band by more than 50 dB (Kaiser 1974). */
export function kaiserBeta(attenuationDb: number): number {
  if (!(attenuationDb > 50)) throw new RangeError(`kaiserBeta: attenuationDb must be above 50, got ${attenuationDb}`);
  return 0.1102 * (attenuationDb - 8.7);
}

/**
 * Half-length in samples of a Kaiser-windowed low-pass filter: taps reach from -half to +half (Kaiser 1974).
 *
 * @param width of the transition band, in cycles per sample
 */
export function kaiserHalfLength(attenuationDb: number, width: number): number {
  if (!(width > 0)) throw new RangeError(`kaiserHalfLength: width must be positive, got ${width}`);
  return Math.ceil((attenuationDb - 7.95) / (2.285 * 2 * Math.PI * width) / 2);
}

/**
 * The impulse response of a Kaiser-windowed ideal low-pass filter, as a function of time in samples.
 *
 * @param cutoff middle of the transition band, in cycles per sample
 * @param half the window is zero beyond this many samples from the centre
 */
export function kaiserSinc(cutoff: number, half: number, attenuationDb: number): (time: number) => number {
  const beta = kaiserBeta(attenuationDb);
  const peak = besselI0(beta);
  return (time) => {
    const place = time / half;
    if (Math.abs(place) > 1) return 0;
    const angle = 2 * Math.PI * cutoff * time;
    const sinc = Math.abs(angle) < 1e-8 ? 1 : Math.sin(angle) / angle;
    return (2 * cutoff * sinc * besselI0(beta * Math.sqrt(1 - place * place))) / peak;
  };
}
