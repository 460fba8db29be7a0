import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { dataSetsOrMadeUp, icbhiOrMadeUp } from "../../src/lab/recordings.js";

afterEach(() => vi.unstubAllEnvs());

const folder = mkdtempSync(path.join(tmpdir(), "auscult-recordings-"));

/** Both data sets made up, where nobody named a folder. */
function unnamed() {
  vi.stubEnv("AUSCULT_DATA", undefined);
  vi.stubEnv("AUSCULT_ROOT", path.join(folder, "nowhere"));
  vi.stubEnv("AUSCULT_CACHE", path.join(folder, "cache"));
  return dataSetsOrMadeUp();
}

test("where nobody named a folder and there is none, both are made up", () => {
  const { icbhi, sprsound, madeUp, what } = unnamed();
  expect([icbhi?.madeUp, sprsound?.madeUp, madeUp]).toEqual([true, true, true]);
  expect(what).toEqual([
    expect.stringMatching(/^MADE-UP SOUNDS in ICBHI's layout, no recordings: \d+ recordings\.$/),
    expect.stringMatching(/^MADE-UP SOUNDS in SPRSound's layout, no recordings: 180 recordings\.$/),
    expect.stringMatching(/^Set AUSCULT_DATA/),
  ]);
});

test("ICBHI alone: made up where nobody named a folder, else that of the folder, which must have it", () => {
  const { dataDir } = unnamed();
  expect(icbhiOrMadeUp()).toMatchObject({ dataDir, data: { madeUp: true } });
  expect(icbhiOrMadeUp().what).toMatch(
    /^MADE-UP SOUNDS in ICBHI's layout, no recordings: \d+ recordings\. Set AUSCULT_DATA/,
  );
  vi.stubEnv("AUSCULT_DATA", dataDir);
  expect(icbhiOrMadeUp().what).toMatch(/recordings\.$/);
  const without = path.join(folder, "without");
  cpSync(path.join(dataDir, "sprsound"), path.join(without, "sprsound"), { recursive: true });
  vi.stubEnv("AUSCULT_DATA", without);
  expect(icbhiOrMadeUp).toThrow(/no ICBHI annotations/);
});

test("the one data set that is there, with a sentence on the other", () => {
  const { dataDir } = unnamed();
  for (const name of ["icbhi", "sprsound"] as const) {
    const one = path.join(folder, name);
    cpSync(path.join(dataDir, name), path.join(one, name), { recursive: true });
    vi.stubEnv("AUSCULT_DATA", one);
    const found = dataSetsOrMadeUp();
    expect([found.icbhi !== undefined, found.sprsound !== undefined]).toEqual([name === "icbhi", name === "sprsound"]);
    const [first, second, third] = name === "icbhi" ? [...found.what] : [...found.what].reverse();
    expect([first, third]).toEqual([expect.stringContaining("MADE-UP"), undefined]);
    expect(second).toMatch(/ is not in .*: its part is left out/);
  }
});

test("a named folder with neither is refused", () => {
  const empty = path.join(folder, "empty");
  mkdirSync(empty);
  vi.stubEnv("AUSCULT_DATA", empty);
  expect(dataSetsOrMadeUp).toThrow(/no ICBHI annotations/);
});
