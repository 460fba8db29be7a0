import { readWavFileHeader } from "./wavFile.js";

/**
 * How long a WAV file is, in seconds, from its header; the samples stay on disk.
 * @throws UserError naming the file and the reason; also what the file system throws
 */
export function wavSeconds(file: string): number {
  const { frames, sampleRateHz } = readWavFileHeader(file);
  return frames / sampleRateHz;
}
