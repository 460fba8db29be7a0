import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { endianness } from "node:os";
import { LevelMeter, type Levels } from "../audio/levels.js";
import { mixDown, readWavHeader, type WavHeader } from "../audio/wav.js";
import { type DigestedFile, rememberDigests } from "../node/fileDigests.js";
import { UserError } from "../userError.js";
import { fileErrorText, notAFile } from "./files.js";

/** What reading a whole WAV file tells. */
export interface ScannedSound {
  header: WavHeader;
  durationSeconds: number;
  levels: Levels;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
}

/** All sounds of a data set, and what reading them cost. */
export interface AudioScan {
  /** By path, in the order asked for: the sound, or why it cannot be used. */
  sounds: ReadonlyMap<string, ScannedSound | { error: string }>;
  bytes: number;
  seconds: number;
}

export interface ScanOptions {
  /** Called after each file. */
  onProgress?: (done: ScanProgress) => void;
  signal?: AbortSignal;
}

export interface CheckOptions extends ScanOptions {
  /** False reads annotations and lists only, and opens no recording. Default true. */
  audio?: boolean;
}

export interface ScanProgress {
  files: number;
  ofFiles: number;
  bytes: number;
  seconds: number;
}

/** Files under way at a time, so that the disk reads the next ones while one is measured. */
const LANES = 3;
const BLOCK_BYTES = 1 << 20;

/**
 * Reads every file once, from beginning to end, in blocks: header, digest and levels. Memory does not grow with the length
 * of a file. The digests are remembered, so that nobody has to read the files for them again.
 *
 * @throws DOMException (AbortError) when the signal is aborted; what is wrong with a file is in the result
 */
export async function scanAudio(
  files: readonly string[],
  { onProgress, signal }: ScanOptions = {},
): Promise<AudioScan> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const found = new Map<string, ScannedSound | { error: string }>();
  const digested: DigestedFile[] = [];
  let bytes = 0;
  let next = 0;
  const lane = async () => {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    while (next < files.length) {
      signal?.throwIfAborted();
      const file = files[next++]!;
      try {
        const { sound, stamp } = await scanFile(file, block, signal);
        found.set(file, sound);
        digested.push({ file, ...stamp, sha256: sound.sha256 });
        bytes += stamp.bytes;
      } catch (error) {
        signal?.throwIfAborted();
        found.set(file, { error: error instanceof UserError ? error.message : fileErrorText(error) });
      }
      onProgress?.({ files: found.size, ofFiles: files.length, bytes, seconds: seconds() });
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    rememberDigests(digested);
  }
  return { sounds: new Map(files.map((file) => [file, found.get(file)!])), bytes, seconds: seconds() };
}

/** @throws UserError with the reason alone, and what the file system throws */
async function scanFile(
  file: string,
  block: Buffer,
  signal: AbortSignal | undefined,
): Promise<{ sound: ScannedSound; stamp: Omit<DigestedFile, "file" | "sha256"> }> {
  const found = await stat(file);
  const trouble = notAFile(found); // before opening it: a pipe would wait for ever
  if (trouble) throw new UserError(trouble);
  const stamp = { bytes: found.size, modifiedMs: found.mtimeMs, changedMs: found.ctimeMs };
  const handle = await open(file);
  try {
    const sound = await readSound(handle, file, found.size, block, signal);
    return { sound, stamp };
  } finally {
    await handle.close();
  }
}

async function readSound(
  handle: FileHandle,
  file: string,
  fileBytes: number,
  block: Buffer,
  signal: AbortSignal | undefined,
): Promise<ScannedSound> {
  const hash = createHash("sha256");
  let held = (await handle.read(block, 0, block.length, 0)).bytesRead;
  hash.update(block.subarray(0, held));
  const header = await headerOf(block.subarray(0, held), file, fileBytes);
  const { sampleRateHz, frames, dataOffset, channels, bitsPerSample, encoding } = header;
  const frameBytes = (channels * bitsPerSample) / 8;
  const dataEnd = dataOffset + frames * frameBytes;
  const meter = new LevelMeter(bitsPerSample === 16 ? 32768 : 1);

  // `block` holds the bytes of the file from `at`; a frame that is cut by its end is carried over.
  for (let at = 0; held > 0; ) {
    signal?.throwIfAborted();
    const from = Math.min(held, Math.max(0, dataOffset - at));
    const whole = Math.floor((Math.min(held, dataEnd - at) - from) / frameBytes);
    if (whole > 0) meter.add(samplesOf(block, from, { ...header, frames: whole }));
    const used = whole > 0 ? from + whole * frameBytes : from;
    const rest = at + held < dataEnd ? held - used : 0;
    block.copyWithin(0, held - rest, held);
    at += held - rest;
    if (at + rest >= fileBytes) break;
    const { bytesRead } = await handle.read(block, rest, block.length - rest, at + rest);
    hash.update(block.subarray(rest, rest + bytesRead));
    held = bytesRead === 0 ? 0 : rest + bytesRead;
  }
  try {
    const levels = meter.result();
    return { header, durationSeconds: frames / sampleRateHz, levels, sha256: hash.digest("hex") };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`holds ${encoding === "float" ? "samples that are not finite numbers" : "no samples"}`);
  }
}

/** Chunks before the samples may be longer than a block; then the whole file is looked at. */
async function headerOf(beginning: Uint8Array, file: string, fileBytes: number): Promise<WavHeader> {
  const plain = (error: unknown) =>
    error instanceof UserError ? new UserError(error.message.replace(`${file}: `, "")) : error;
  try {
    return readWavHeader(beginning, file, fileBytes);
  } catch (error) {
    if (beginning.length >= fileBytes) throw plain(error);
  }
  try {
    return readWavHeader(await readFile(file), file);
  } catch (error) {
    throw plain(error);
  }
}

const LITTLE_ENDIAN = endianness() === "LE";

function samplesOf(block: Buffer, from: number, header: WavHeader): Float32Array | Int16Array {
  const { channels, bitsPerSample, frames } = header;
  const plain = channels === 1 && bitsPerSample === 16;
  if (plain && LITTLE_ENDIAN && (block.byteOffset + from) % 2 === 0) {
    return new Int16Array(block.buffer, block.byteOffset + from, frames);
  }
  const samples = mixDown(block, { ...header, dataOffset: from });
  return bitsPerSample === 16 ? samples.map((sample) => sample * 32768) : samples;
}
