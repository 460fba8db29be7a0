import { readFileSync } from "node:fs";
import path from "node:path";
import { decodeWav } from "../audio/wav.js";
import { type FeatureMap, mapShape } from "../features/frontEnd.js";
import { writeFileAtomic } from "../node/atomicFile.js";
import { npyHeader } from "../node/npy.js";
import { UserError } from "../userError.js";
import type { TestPath } from "./testPath.js";

/** One model input that was written. */
export interface FeatureFile {
  /** The recording, as it was given. */
  file: string;
  output: string;
  shape: number[];
}

export interface FeatureFilesOptions {
  /** Folder of the outputs; made where it is not there. */
  out: string;
  signal?: AbortSignal;
  /** Called after each recording. */
  onFile?: (done: number, total: number) => void;
  /** Takes what was mended in a file. */
  warn?: (message: string) => void;
}

/**
 * The model inputs of recordings, each as a float32 NumPy file named after the recording. Where the recipe takes a long clip
 * apart, the second part is NAME.2.npy, the third NAME.3.npy and so on.
 *
 * @throws UserError naming the file: two that would have the same output, one that cannot be read, that is no sound or that
 * holds no samples
 */
export async function writeFeatureFiles(
  recipe: TestPath,
  files: readonly string[],
  { out, signal, onFile, warn }: FeatureFilesOptions,
): Promise<FeatureFile[]> {
  const names = outputNames(files);
  const written: FeatureFile[] = [];
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const maps = mapsOf(recipe, file, warn);
    for (const [part, map] of maps.entries()) {
      const output = path.join(out, `${names[index]}${part === 0 ? "" : `.${part + 1}`}.npy`);
      writeFileAtomic(output, npyBytes(map));
      written.push({ file, output, shape: mapShape(map) });
    }
    onFile?.(index + 1, files.length);
    // Lets Ctrl-C and progress through.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return written;
}

function outputNames(files: readonly string[]): string[] {
  const from = new Map<string, string>();
  return files.map((file) => {
    const name = path.basename(file).replace(/\.wav$/i, "");
    const other = from.get(name);
    if (other !== undefined) {
      throw new UserError(`${file} and ${other} would both be written to ${name}.npy; name them in two commands`);
    }
    from.set(name, file);
    return name;
  });
}

function mapsOf(recipe: TestPath, file: string, warn: FeatureFilesOptions["warn"]): FeatureMap[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new UserError(`${file}: ${why}; expected a WAV file`);
  }
  const { samples, sampleRateHz, channels, warnings } = decodeWav(bytes, file);
  for (const warning of warnings) warn?.(`${file}: ${warning}`);
  if (channels > 1) warn?.(`${file}: ${channels} channels; their mean is taken`);
  if (samples.length === 0) throw new UserError(`${file}: holds no samples; expected at least one`);
  try {
    return recipe.maps(samples, sampleRateHz);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

function npyBytes(map: FeatureMap): Uint8Array {
  const header = npyHeader("float32", mapShape(map));
  const bytes = new Uint8Array(header.length + map.data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(map.data.buffer, map.data.byteOffset, map.data.byteLength), header.length);
  return bytes;
}
