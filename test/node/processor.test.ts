import { expect, test } from "vitest";
import { bf16Rate, processorType } from "../../src/node/processor.js";

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

test("finds how fast bfloat16 is among the flags, and does not guess", () => {
  const by = (vendor: string, flags: string) => bf16Rate(`vendor_id\t: ${vendor}\n${cpuinfo("143", flags)}`);
  expect(by("GenuineIntel", "fpu amx_bf16 amx_tile")).toBe("full");
  expect(by("GenuineIntel", "fpu avx512f avx512_bf16 amx_bf16")).toBe("full");
  expect(by("GenuineIntel", "fpu avx512f avx512_bf16")).toBe("half");
  expect(by("AuthenticAMD", "fpu avx512f avx512_bf16")).toBe("full");
  expect(by("GenuineIntel", "fpu avx2 avx512f")).toBe("emulated");
  expect(bf16Rate("Processor : ARM\n")).toBeUndefined();
});
