import { readWavFileHeader } from "../../node/wavFile.js";
import type { IcbhiRecording } from "./recording.js";

/** From here on, the upper band of what was stored at a lower rate is no small part of a spectrum. */
const FROM_HZ = 16_000;

/**
 * Which recordings have nothing in the upper band of spectra at a rate, since they are stored at a lower one: undefined where none has, and
 * below 16 kHz. Devices differ in it, so a network may know them by it.
 */
export function emptyBand(recordings: readonly IcbhiRecording[], rateHz: number): string | undefined {
  if (rateHz < FROM_HZ) return undefined;
  const counts = new Map<string, number>();
  for (const { file, device } of recordings) {
    if (file === undefined) continue;
    const storedHz = readWavFileHeader(file).sampleRateHz;
    if (storedHz >= rateHz) continue;
    const group = `${device} at ${storedHz.toLocaleString("en")} Hz`;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const groups = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, count]) => `${count} of ${group}`);
  return `spectra at ${rateHz.toLocaleString("en")} Hz are empty above half the rate at which recordings are stored, which tells devices apart: ${groups.join(", ")}`;
}
