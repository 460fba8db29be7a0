import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type DecodedWav, decodeWav, type OpenedWav, openWav, type WavHeader } from "../audio/wav.js";
import { wavHeaderParser } from "../audio/wavHeader.js";

/** A WAV file on disk, of which stretches are read. */
export interface WavFile extends OpenedWav {
  close(): Promise<void>;
}

/**
 * Reads and decodes a whole WAV file; see `decodeWav`.
 * @throws UserError naming the file and the reason; also what the file system throws
 */
export function readWavFile(file: string): DecodedWav {
  return decodeWav(readFileSync(file), file);
}

/**
 * Reads the header alone of a WAV file.
 * @throws UserError naming the file and the reason; also what the file system throws
 */
export function readWavFileHeader(file: string): WavHeader {
  const opened = openSync(file, "r");
  try {
    const parser = wavHeaderParser(file, fstatSync(opened).size);
    for (let step = parser.next(); ; ) {
      if (step.done) return step.value;
      const { offset, length } = step.value;
      const bytes = Buffer.alloc(length);
      step = parser.next(bytes.subarray(0, readSync(opened, bytes, 0, length, offset)));
    }
  } finally {
    closeSync(opened);
  }
}

/**
 * Opens a WAV file and reads its header; the samples stay on disk until they are wanted.
 * @throws UserError naming the file and the reason; also what the file system throws
 */
export async function openWavFile(file: string): Promise<WavFile> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const opened = await openWav({
      name: file,
      bytes: size,
      readAt: (offset, length) => readAt(handle, offset, Math.min(length, Math.max(0, size - offset))),
    });
    return { ...opened, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length); // not from the pool, so that samples lie at multiples of their size
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
