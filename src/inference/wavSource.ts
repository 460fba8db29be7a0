import type { ByteSource, OpenedWav } from "../audio/wav.js";
import type { SoundStream } from "./stream.js";

/** A dropped file, of which stretches are read: `openWav` takes it. */
export function blobSource(blob: Pick<Blob, "size" | "slice">, name: string): ByteSource {
  return {
    name,
    bytes: blob.size,
    readAt: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/**
 * Plays a WAV file of any length into a stream of its sample rate, a second at a time, as fast as the stream takes it, and ends it.
 *
 * @param signal stops it between two seconds; what waits is given up
 * @throws what reading throws, what `SoundStream.push` throws, and the signal's reason
 */
export async function streamWav({ header, read }: OpenedWav, stream: SoundStream, signal?: AbortSignal): Promise<void> {
  for (let first = 0; first < header.frames; first += header.sampleRateHz) {
    if (signal?.aborted) {
      await stream.stop();
      signal.throwIfAborted();
    }
    await stream.push(await read(first, first + header.sampleRateHz));
  }
  await stream.end();
}
