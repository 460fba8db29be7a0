import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "./assembler.js";

/** Integer samples to float32, sixteen at a time, all arguments addresses in bytes; the output begins at `to`. */
export interface PcmKernel {
  convert16(from: number, to: number, toEnd: number): void;
  convert24(from: number, to: number, toEnd: number): void;
  convert32(from: number, to: number, toEnd: number): void;
}

/** Samples that are converted at once; the last of 24 bits read 4 bytes beyond their own. */
export const PCM_GRAIN = 16;

/** The module's bytes. */
export function pcmModule(): Uint8Array {
  return moduleBytes({
    convert16: converter(2, 2 ** -15, (address, offset) => f32x4.fromInt16(address, offset)),
    // Each sample in the upper three bytes of four, so that its sign is where it belongs.
    convert24: converter(3, 2 ** -31, (address, offset) =>
      f32x4.fromInt32(
        f32x4.shuffleBytes(f32x4.zero(), f32x4.load(address, offset), [
          ...[0, 16, 17, 18],
          ...[0, 19, 20, 21],
          ...[0, 22, 23, 24],
          ...[0, 25, 26, 27],
        ]),
      ),
    ),
    convert32: converter(4, 2 ** -31, (address, offset) => f32x4.fromInt32(f32x4.load(address, offset))),
  });
}

function converter(sampleBytes: number, scale: number, four: (address: Code, offset: number) => Code): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, to] = [f.int(f.parameter(0)), f.int(f.parameter(1))];
  const factor = f.vector(f32x4.splat(scale));
  f.repeatWhileBelow(to, f.parameter(2), () => {
    for (let place = 0; place < PCM_GRAIN; place += 4) {
      f.run(f32x4.store(to, f32x4.mul(four(from, place * sampleBytes), factor), 4 * place));
    }
    f.advance(from, i32.constant(PCM_GRAIN * sampleBytes));
    f.advance(to, i32.constant(4 * PCM_GRAIN));
  });
  return f;
}
