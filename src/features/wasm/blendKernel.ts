import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "../../audio/wasm/assembler.js";

/** Addresses and lengths in bytes. */
export interface BlendKernel {
  /**
   * round(a * w0 + b * w1 + c * w2) / 255, value by value, for `length` bytes rounded up to 16; halves are rounded to even.
   *
   * @param weights w0, w1, w2
   */
  blend(a: number, b: number, c: number, weights: number, to: number, length: number): void;
}

const { add, mul, load, loadSplat, splat, store } = f32x4;
const nearest = (a: Code): Code => [...a, 0xfd, 0x6a];
const STEP = 16;

/** The module's bytes. */
export function blendModule(): ReturnType<typeof moduleBytes> {
  const f = new FunctionWriter(6);
  const inputs = [0, 1, 2].map((index) => f.int(f.parameter(index)));
  const factors = [0, 1, 2].map((index) => f.vector(loadSplat(f.parameter(3), 4 * index)));
  const unit = f.vector(splat(1 / 255));
  const to = f.int(f.parameter(4));
  const end = f.int(i32.add(to, f.parameter(5)));
  f.repeatWhileBelow(to, end, () => {
    const [a, b, c] = inputs.map((input, index) => mul(load(input), factors[index]!));
    f.run(store(to, mul(nearest(add(add(a!, b!), c!)), unit)));
    for (const address of [...inputs, to]) f.advance(address, i32.constant(STEP));
  });
  return moduleBytes({ blend: f });
}
