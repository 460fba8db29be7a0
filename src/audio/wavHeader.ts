import { UserError } from "../userError.js";

/** What a WAV file says of itself, after checks; sizes are those of the file, not those it claims. */
export interface WavHeader {
  sampleRateHz: number;
  channels: number;
  /** Bits of one stored sample: 8, 16, 24 or 32, for floating point 32 or 64. */
  bitsPerSample: number;
  encoding: "integer" | "float";
  /** Samples per channel that the file really holds. */
  frames: number;
  /** Where the first sample starts, in bytes from the start of the file. */
  dataOffset: number;
  /** What was wrong and could be mended, one sentence each, without the file's name. */
  warnings: string[];
}

const FORMAT_NAMES: Record<number, string> = {
  2: "Microsoft ADPCM",
  6: "A-law",
  7: "mu-law",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG",
  85: "MP3",
};
/** Files have a handful of chunks; a file made of nothing else would be walked through for ever. */
const MOST_CHUNKS = 10_000;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
/** Bytes 2 to 15 of the sub-format GUID of an extensible header; the first two are the format tag. */
const GUID_TAIL = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];

/** A stretch of a file that the header's parser wants to see. */
export interface ByteRange {
  offset: number;
  length: number;
}

/**
 * Reads the header of a RIFF WAVE file: integer PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64, plain and
 * extensible, with any chunks before and after. Mended with a warning: a block alignment or byte rate that contradicts
 * bits and channels, a data chunk that claims more than the file holds (what is there is used), a last frame cut short.
 *
 * @param bytes the file, or its beginning up to the data chunk's start
 * @param name the file's name, for messages
 * @param fileBytes the length of the whole file where `bytes` is only its beginning
 * @throws UserError naming the file and the reason when it is something else or holds no samples
 * @see Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (1991) and mmreg.h
 */
export function readWavHeader(bytes: Uint8Array, name: string, fileBytes: number = bytes.byteLength): WavHeader {
  const parser = wavHeaderParser(name, fileBytes);
  for (let step = parser.next(); ; ) {
    if (step.done) return step.value;
    const { offset, length } = step.value;
    step = parser.next(bytes.subarray(offset, offset + length));
  }
}

/**
 * What `readWavHeader` does, for a file of which only the stretches that are asked for are read: a few bytes for each chunk.
 * Yields a stretch, and takes its bytes, fewer of them only where the file ends.
 */
export function* wavHeaderParser(name: string, fileBytes: number): Generator<ByteRange, WavHeader, Uint8Array> {
  const refuse = (reason: string): never => {
    throw new UserError(`${name}: ${reason}; expected a WAV file of integer PCM (8, 16, 24 or 32 bits)`);
  };
  if (fileBytes === 0) refuse("the file is empty");
  const start = yield { offset: 0, length: 12 };
  if (start.length < 12) refuse(`the file ends after ${start.length} bytes, within its header`);
  const magic = idAt(start, 0);
  if (magic === "RIFX") refuse("big-endian WAV (RIFX) is not read");
  if (magic === "RF64" || magic === "BW64") refuse(`64-bit WAV (${magic}) is not read`);
  if (magic !== "RIFF") refuse(`not a WAV file (it starts with ${quoteBytes(start, 4)} instead of "RIFF")`);
  if (idAt(start, 8) !== "WAVE") {
    refuse(`a RIFF file, but not a WAV file (its type is ${quoteBytes(start.subarray(8), 4)} instead of "WAVE")`);
  }

  let format: Format | undefined;
  let data: { offset: number; claimed: number } | undefined;
  for (let at = 12, chunks = 0; !(format && data); chunks++) {
    if (chunks === MOST_CHUNKS) refuse(`more than ${MOST_CHUNKS} chunks before the samples`);
    const head = yield { offset: at, length: 8 };
    if (head.length < 8) break;
    const id = idAt(head, 0);
    const size = viewOf(head).getUint32(4, true);
    if (id === "fmt " && !format) format = readFormat(yield { offset: at + 8, length: 40 }, size, refuse);
    if (id === "data" && !data) data = { offset: at + 8, claimed: size };
    at += 8 + size;
    // Chunks start at even places; some writers forget the padding byte.
    if (size % 2 === 1 && !["data", "fmt "].includes(idAt(yield { offset: at, length: 4 }, 0))) at++;
  }
  if (!format) return refuse('no "fmt " chunk, so rate and bits are unknown');
  if (!data) return refuse('no "data" chunk, so there are no samples');

  const { channels, bitsPerSample, sampleRateHz, blockAlign, bytesPerSecond } = format;
  const warnings: string[] = [];
  const frameBytes = (channels * bitsPerSample) / 8;
  if (blockAlign !== frameBytes) {
    // 24 bits in 4 bytes are real but rare: then alignment and byte rate agree on the wider frame.
    if (bitsPerSample === 24 && blockAlign === 4 * channels && bytesPerSecond === sampleRateHz * blockAlign) {
      refuse("24-bit samples in 32-bit containers are not read");
    }
    warnings.push(
      `block alignment is ${blockAlign} in the header; ${channels} x ${bitsPerSample} bits make ${frameBytes}, which was used`,
    );
  }
  const present = fileBytes - data.offset;
  if (data.claimed > present) {
    warnings.push(`the data chunk claims ${data.claimed} bytes, the file holds ${present}; what is there was used`);
  }
  const dataBytes = Math.min(data.claimed, present);
  const frames = Math.floor(dataBytes / frameBytes);
  if (frames === 0) {
    refuse(
      data.claimed === 0 && present > 0
        ? `its data chunk has size 0 (${present} bytes follow it; a recorder that was cut off leaves this)`
        : "it holds no samples",
    );
  }
  if (dataBytes % frameBytes !== 0) {
    warnings.push(`the last frame is cut short (${dataBytes % frameBytes} of ${frameBytes} bytes) and was dropped`);
  }
  const encoding = format.tag === FORMAT_FLOAT ? "float" : "integer";
  return { sampleRateHz, channels, bitsPerSample, encoding, frames, dataOffset: data.offset, warnings };
}

interface Format {
  tag: number;
  channels: number;
  sampleRateHz: number;
  bytesPerSecond: number;
  blockAlign: number;
  bitsPerSample: number;
}

/** @param bytes the chunk's content, or more, or its beginning; what lies beyond 40 bytes is not needed */
function readFormat(bytes: Uint8Array, size: number, refuse: (reason: string) => never): Format {
  if (size < 16 || bytes.length < 16) refuse(`its "fmt " chunk is too short (${size} bytes, at least 16)`);
  const view = viewOf(bytes);
  let tag = view.getUint16(0, true);
  if (tag === FORMAT_EXTENSIBLE) {
    if (size < 40 || bytes.length < 40) refuse(`its extensible "fmt " chunk is too short (${size} bytes of 40)`);
    if (!GUID_TAIL.every((byte, i) => bytes[26 + i] === byte)) refuse("its extensible sub-format is unknown");
    tag = view.getUint16(24, true);
  }
  const bitsPerSample = view.getUint16(14, true);
  if (tag !== FORMAT_PCM && tag !== FORMAT_FLOAT) {
    refuse(
      `compressed or unknown audio (format ${tag}${FORMAT_NAMES[tag] ? `, ${FORMAT_NAMES[tag]}` : ""}) is not read`,
    );
  }
  const allowed = tag === FORMAT_PCM ? [8, 16, 24, 32] : [32, 64];
  if (!allowed.includes(bitsPerSample)) {
    refuse(`${bitsPerSample} bits per ${tag === FORMAT_PCM ? "integer" : "floating-point"} sample are not read`);
  }
  const channels = view.getUint16(2, true);
  if (channels === 0) refuse("its header says 0 channels");
  const sampleRateHz = view.getUint32(4, true);
  if (sampleRateHz === 0) refuse("its header says a sample rate of 0 Hz");
  const bytesPerSecond = view.getUint32(8, true);
  return { tag, channels, sampleRateHz, bytesPerSecond, blockAlign: view.getUint16(12, true), bitsPerSample };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Four characters, or what is left of the file. */
function idAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function quoteBytes(bytes: Uint8Array, count: number): string {
  const text = String.fromCharCode(...bytes.subarray(0, count));
  if (/^[\x20-\x7e]*$/.test(text)) return JSON.stringify(text);
  return `bytes ${Array.from(bytes.subarray(0, count), (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}
