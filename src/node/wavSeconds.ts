import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { readWavHeader } from "../audio/wav.js";

/** More than the chunks before the samples take in any common file. */
const HEAD_BYTES = 512;

/**
 * How long a WAV file is, in seconds, from its header; the samples stay on disk.
 * @throws UserError naming the file and the reason; also what the file system throws
 */
export function wavSeconds(file: string): number {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    readSync(handle, head, 0, head.length, 0);
    const { frames, sampleRateHz } = headerOf(head, file, size);
    return frames / sampleRateHz;
  } finally {
    closeSync(handle);
  }
}

function headerOf(head: Uint8Array, file: string, size: number) {
  try {
    return readWavHeader(head, file, size);
  } catch (error) {
    if (head.length >= size) throw error;
    return readWavHeader(readFileSync(file), file);
  }
}
