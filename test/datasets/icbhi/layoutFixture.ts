import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeWav } from "../../../src/audio/encodeWav.js";

export interface FixtureRecording {
  /** Base name without ending. */
  name: string;
  annotation: string;
  /** Default true. */
  audio?: boolean;
  /** Put into `annotations_all920` instead of beside the audio. */
  apart?: boolean;
}

/** A folder with `icbhi/` in the publisher's layout; `lists` maps file names to their text. */
export function writeIcbhi(
  recordings: readonly FixtureRecording[],
  lists: Readonly<Record<string, string>> = {},
): string {
  const dataDir = mkdtempSync(path.join(tmpdir(), "auscult-icbhi-"));
  const root = path.join(dataDir, "icbhi");
  const base = path.join(root, "ICBHI_final_database");
  mkdirSync(base, { recursive: true });
  for (const { name, annotation, audio = true, apart = false } of recordings) {
    const folder = apart ? path.join(root, "annotations_all920") : base;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${name}.txt`), annotation);
    if (audio) writeFileSync(path.join(base, `${name}.wav`), encodeWav(new Float32Array(4000), 4000));
  }
  for (const [name, text] of Object.entries(lists)) writeFileSync(path.join(root, name), text);
  return dataDir;
}

/** One cycle of each class, a quarter of a second each. */
export const FOUR_CYCLES = "0.0\t0.25\t0\t0\n0.25\t0.5\t1\t0\n0.5\t0.75\t0\t1\n0.75\t1.0\t1\t1\n";

/**
 * Twenty patients of three devices with one recording each, so that every split can be made; 301 has a second recording on
 * the other side of the official list, 302 a second one with another device.
 */
export function wholeIcbhi(): string {
  const names = Array.from(
    { length: 20 },
    (_, i) => `${301 + i}_1b1_Al_sc_${["Meditron", "LittC2SE", "AKGC417L"][i % 3]}`,
  );
  const all = [...names, "301_2b1_Pr_mc_Meditron", "302_2b1_Pr_mc_AKGC417L"];
  const side = (name: string) =>
    name.startsWith("301_2") || name.startsWith("302_2") ? "test" : +name.slice(0, 3) % 5 < 2 ? "test" : "train";
  return writeIcbhi(
    all.map((name) => ({ name, annotation: FOUR_CYCLES })),
    {
      "ICBHI_challenge_train_test.txt": all
        .map((name) => `${name}\t${name.startsWith("301_1") || name.startsWith("302_1") ? "train" : side(name)}\r\n`)
        .join(""),
      "patient_list_foldwise.txt": names.map((name, i) => `${name.slice(0, 3)} ${i % 5}\n`).join(""),
    },
  );
}
