import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { processorHasBf16 } from "../../src/node/processor.js";

/** Lines as Linux 6 writes them. */
const told = (flags: string): boolean | undefined => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "auscult-processor-")), "cpuinfo");
  writeFileSync(
    file,
    `processor\t: 0\nmodel name\t: a processor\nflags\t\t: fpu ${flags} vme\nbugs\t\t: avx512_bf16\n`,
  );
  return processorHasBf16(file);
};

describe("processorHasBf16", () => {
  it("finds AVX-512 BF16 and AMX among the flags, and nothing less", () => {
    expect(told("avx512f avx512_bf16")).toBe(true);
    expect(told("amx_bf16 amx_tile")).toBe(true);
    expect(told("avx2 avx512f")).toBe(false);
  });

  it("does not know where the kernel does not say", () => {
    expect(processorHasBf16("/nonexistent/cpuinfo")).toBeUndefined();
  });
});
