import { rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { emptyBand } from "../../../src/datasets/icbhi/emptyBand.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { paper } from "../../../src/papers/cycleguardian/index.js";
import { wholeIcbhi } from "./layoutFixture.js";

test("recordings of a lower rate are counted by device and rate, from 16 kHz on", () => {
  const dataDir = wholeIcbhi(); // all of 4 kHz: 8 Meditron, 7 LittC2SE, 7 AKGC417L
  const { recordings } = loadIcbhi(dataDir);
  const of = (device: string) => recordings.filter((one) => one.device === device);
  writeFileSync(of("Meditron")[0]!.file!, encodeWav(new Float32Array(100), 44_100));
  writeFileSync(of("Meditron")[1]!.file!, encodeWav(new Float32Array(100), 11_025));
  const { file: _, ...withoutAudio } = of("LittC2SE")[0]!;
  const counted = [...of("Meditron"), ...of("LittC2SE").slice(1), withoutAudio];
  const [meditron, littmann] = [of("Meditron").length - 2, of("LittC2SE").length - 1];
  const words =
    "spectra at 22,000 Hz are empty above half the rate at which recordings are stored, which tells devices apart: " +
    `${littmann} of LittC2SE at 4,000 Hz, 1 of Meditron at 11,025 Hz, ${meditron} of Meditron at 4,000 Hz`;
  expect(emptyBand(counted, 22_000)).toBe(words);
  expect(emptyBand(counted, 10_000)).toBeUndefined();
  expect(emptyBand(of("Meditron").slice(0, 1), 22_000)).toBeUndefined();
  rmSync(of("AKGC417L")[0]!.file!);
  expect(() => emptyBand(of("AKGC417L"), 22_000)).toThrow(/ENOENT/);
});

test("a run of the authors' 22 kHz says so, one of the paper's 10 kHz or of stored maps does not", () => {
  const dataDir = wholeIcbhi();
  const prepare = (preset: "paper" | "authors") =>
    paper.prepare({
      ...{ experiment: "cycleguardian/table2", row: "Ours (cos)", task: "4-class", fold: "official", seed: 0 },
      ...{ dataDir, protocol: "honest", preset, profile: "full" },
    });
  expect(prepare("authors").split.emptyBand).toMatch(/^spectra at 22,000 Hz are empty .* of Meditron at 4,000 Hz$/);
  expect(prepare("paper").split).not.toHaveProperty("emptyBand");
});
