import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "../../audio/wasm/assembler.js";

/** Addresses and lengths in bytes. */
export interface BandKernel {
  /**
   * Weighted sums of stretches of four spectra at once: for each band four values, one for each spectrum.
   *
   * @param spectra the first of the four
   * @param size from one spectrum to the next
   * @param table for each band where its stretch begins and ends, counted from a spectrum's start; both int32, and their
   * difference a multiple of 16
   * @param tableEnd
   * @param weights of all stretches, one behind the other
   * @param to the first band's values
   * @param stride from one band's values to the next
   */
  bands(
    spectra: number,
    size: number,
    table: number,
    tableEnd: number,
    weights: number,
    to: number,
    stride: number,
  ): void;
}

/** Spectra that are gathered at once. */
export const SPECTRA = 4;
/** Weights of a stretch come in multiples of this. */
export const STRETCH = 4;

const { add, mul, load, shuffle, splat, store } = f32x4;
const STEP = i32.constant(4 * STRETCH);

/** The module's bytes. */
export function bandModule(): ReturnType<typeof moduleBytes> {
  const f = new FunctionWriter(7);
  const [spectra, size, tableEnd, stride] = [f.parameter(0), f.parameter(1), f.parameter(3), f.parameter(6)];
  const [table, weights, to] = [f.int(f.parameter(2)), f.int(f.parameter(4)), f.int(f.parameter(5))];
  f.repeatWhileBelow(table, tableEnd, () => {
    const places: Code[] = [f.int(i32.add(spectra, i32.load(table, 0)))];
    for (let k = 1; k < SPECTRA; k++) places.push(f.int(i32.add(places[k - 1]!, size)));
    const end = f.int(i32.add(spectra, i32.load(table, 4)));
    const sums = places.map(() => f.vector(splat(0)));
    f.repeatWhileBelow(places[0]!, end, () => {
      const weight = f.vector(load(weights));
      places.forEach((place, k) => {
        const sum = sums[k]!;
        f.assign(sum, add(sum, mul(weight, load(place))));
      });
      for (const address of [weights, ...places]) f.advance(address, STEP);
    });
    // The four parts of each sum, added up crosswise.
    const [a, b, c, d] = sums as [Code, Code, Code, Code];
    const ab = f.vector(add(shuffle(a, b, [0, 4, 1, 5]), shuffle(a, b, [2, 6, 3, 7])));
    const cd = f.vector(add(shuffle(c, d, [0, 4, 1, 5]), shuffle(c, d, [2, 6, 3, 7])));
    f.run(store(to, add(shuffle(ab, cd, [0, 1, 4, 5]), shuffle(ab, cd, [2, 3, 6, 7]))));
    f.advance(to, stride);
    f.advance(table, i32.constant(8));
  });
  return moduleBytes({ bands: f });
}
