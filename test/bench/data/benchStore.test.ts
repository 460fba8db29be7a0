import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { benchStore } from "../../../src/bench/data/benchStore.js";
import { dataBenchText } from "../../../src/bench/data/benchText.js";
import { madeUpItems, mirrorClips, place } from "../../node/featureStore/madeUpRequest.js";

it("measures the way from recordings to stored maps, and leaves nothing", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-data-"));
  const before = process.env.AUSCULT_CACHE;
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
  try {
    const items = madeUpItems(path.join(folder, "sounds"), 4);
    const one = {
      name: "mirror",
      title: "made up",
      builder: mirrorClips,
      place: place("mirrorClips"),
      items: () => items,
    };
    const found = await benchStore(one, { dataDir: folder, workers: 1, signal: new AbortController().signal });
    expect(found).toMatchObject({ recordings: 4, maps: 16, workers: 1 });
    // 300, 307, 314 and 321 samples of 16 bit, each behind a header of 44 bytes.
    expect(found.megabytesRead).toBeCloseTo((2 * (300 + 307 + 314 + 321) + 4 * 44) / 1e6, 12);
    const { reading, computing, writing } = found.shares;
    expect(reading + computing + writing).toBeCloseTo(1, 12);
    expect(found.secondsDigests).toBeLessThan(found.seconds);
    expect(dataBenchText([found], [])).toContain("4 recordings to 16 stored maps");
    expect(process.env.AUSCULT_CACHE).toBe(path.join(folder, "cache"));
    expect(readdirSync(path.join(folder, "cache"))).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.AUSCULT_CACHE;
    else process.env.AUSCULT_CACHE = before;
    rmSync(folder, { recursive: true, force: true });
  }
});
