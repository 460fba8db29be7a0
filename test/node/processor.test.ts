import { expect, test } from "vitest";
import { processorHasBf16, processorType } from "../../src/node/processor.js";

/** Two processors as Linux 6 describes them. */
const cpuinfo = (model: string, flags: string) =>
  `processor\t: 0\ncpu family\t: 6\nmodel\t\t: ${model}\nmodel name\t: Some CPU @ 2.00GHz\ncpu MHz\t\t: 2001.5\ncache size\t: 1024 KB\nflags\t\t: ${flags}\nbugs\t\t: avx512_bf16\n\nprocessor\t: 1\nflags\t\t: none\n`;

test("names what a result's bits may depend on", () => {
  expect(processorType(cpuinfo("85", "fpu sse avx avx2 fma avx512f amx_bf16 pti"))).toBe(
    "Some CPU @ 2.00GHz, family 6 model 85, cache 1024 KB, avx avx2 fma avx512f amx_bf16",
  );
  expect(processorType(cpuinfo("85", "avx"))).not.toBe(processorType(cpuinfo("143", "avx")));
});

test("says something where the system says little", () => {
  expect(processorType("")).not.toBe("");
  expect(processorType("Processor : ARM\n")).not.toBe("");
  expect(processorType()).not.toBe("");
});

test("finds AVX-512 BF16 and AMX among the flags, nothing less, and does not guess", () => {
  expect(processorHasBf16(cpuinfo("143", "fpu avx512f avx512_bf16"))).toBe(true);
  expect(processorHasBf16(cpuinfo("143", "fpu amx_bf16 amx_tile"))).toBe(true);
  expect(processorHasBf16(cpuinfo("85", "fpu avx2 avx512f"))).toBe(false);
  expect(processorHasBf16("Processor : ARM\n")).toBeUndefined();
});
