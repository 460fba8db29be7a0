import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { decodeWav } from "../../audio/wav.js";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import { UserError } from "../../userError.js";
import { fileErrorText } from "../files.js";
import type { Icbhi } from "../icbhi/load.js";
import type { IcbhiRecording } from "../icbhi/recording.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { INDEX_FILE, MAPS_FILE } from "./format.js";
import { logmelIndexText } from "./indexFile.js";
import { MapsPart } from "./mapsPart.js";
import { bandLimit, cycleMap, RECIPE_TEXT } from "./recipe.js";

export interface MakeLogmelOptions {
  /** Called after each recording. */
  onProgress?: (done: MakeProgress) => void;
  signal?: AbortSignal;
}

export interface MakeProgress {
  cycles: number;
  /** Of them, done in an earlier sitting. */
  earlier: number;
  ofCycles: number;
  seconds: number;
}

export interface MadeLogmel {
  folder: string;
  /** Of which there are maps: those with audio. */
  recordings: number;
  cycles: number;
  /** Annotated, with or without audio. */
  ofRecordings: number;
  ofCycles: number;
  /** Cycles whose maps were there from an earlier sitting; all of them where nothing had to be done. */
  earlier: number;
  /** 32 hex digits over recipe and recordings: equal digests, equal maps. */
  digest: string;
}

/** Beside maps and index: what they were made from. The maps get their name after it is written. */
const RECORD_FILE = "logmel.json";
/** The longest the event loop is kept from Ctrl-C, but for one cycle. */
const SLICE_MS = 50;

/**
 * Makes `logmel.npy` and `logmel_index.csv` in a folder, of every cycle whose recording has audio, in the form of the stored
 * maps. What was interrupted goes on from the last whole recording, where recipe and recordings are the same.
 *
 * @throws UserError for no audio at all, a recording that cannot be read, and a folder that holds other maps
 * @throws the signal's reason when aborted
 */
export async function makeIcbhiLogmel(
  data: Icbhi,
  folder: string,
  options: MakeLogmelOptions = {},
): Promise<MadeLogmel> {
  const withAudio = data.recordings.filter(({ file }) => file !== undefined);
  const cycles = countCycles(withAudio);
  if (cycles === 0) {
    throw new UserError(`${data.root}: none of the ${data.recordings.length} annotated recordings has a WAV file`);
  }
  const digest = createHash("sha256").update(`${RECIPE_TEXT}\n${data.digest}`).digest("hex").slice(0, 32);
  const result = {
    folder,
    recordings: withAudio.length,
    cycles,
    ofRecordings: data.recordings.length,
    ofCycles: countCycles(data.recordings),
    digest,
  };
  if (existsSync(path.join(folder, MAPS_FILE))) {
    if (isMade(folder, digest)) return { ...result, earlier: cycles };
    throw new UserError(`${folder} holds other maps already (${MAPS_FILE}); name another folder, or remove them first`);
  }
  const part = new MapsPart(folder, digest, cycles);
  try {
    const earlier = await fill(part, withAudio, cycles, options);
    writeFileAtomic(path.join(folder, INDEX_FILE), logmelIndexText(indexRows(withAudio)));
    if (data.madeUp) copyFileSync(path.join(data.root, MADE_UP_MARKER), path.join(folder, MADE_UP_MARKER));
    writeJsonAtomic(path.join(folder, RECORD_FILE), { ...result, folder: undefined, recipe: JSON.parse(RECIPE_TEXT) });
    part.finish();
    return { ...result, earlier };
  } finally {
    part.close();
  }
}

/** Makes what is missing; returns how many maps were there before. */
async function fill(
  part: MapsPart,
  recordings: readonly IcbhiRecording[],
  ofCycles: number,
  { onProgress, signal }: MakeLogmelOptions,
): Promise<number> {
  let first = 0;
  let earlier = 0;
  for (; first < recordings.length && earlier + recordings[first]!.cycles.length <= part.count; first++) {
    earlier += recordings[first]!.cycles.length;
  }
  part.keep(earlier);
  const start = performance.now();
  let sliceStart = start;
  for (const recording of recordings.slice(first)) {
    const samples = readRecording(recording.file!);
    const maps: Uint8Array[] = [];
    for (const [index, { startSeconds, endSeconds }] of recording.cycles.entries()) {
      if (performance.now() - sliceStart > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceStart = performance.now();
      }
      signal?.throwIfAborted();
      try {
        maps.push(cycleMap(samples, startSeconds, endSeconds));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(`${recording.annotationFile}:${recording.cycles[index]!.line}: ${error.message}`);
      }
    }
    part.add(maps);
    onProgress?.({ cycles: part.count, earlier, ofCycles, seconds: (performance.now() - start) / 1000 });
  }
  return earlier;
}

function readRecording(file: string): Int16Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(`${file}: ${fileErrorText(error)}`);
  }
  const { samples, sampleRateHz } = decodeWav(bytes, file);
  return bandLimit(samples, sampleRateHz);
}

function isMade(folder: string, digest: string): boolean {
  try {
    return JSON.parse(readFileSync(path.join(folder, RECORD_FILE), "utf8")).digest === digest;
  } catch {
    return false;
  }
}

function indexRows(recordings: readonly IcbhiRecording[]) {
  return recordings.flatMap(({ name, cycles, officialSide }) =>
    cycles.map(({ crackle, wheeze }, cycle) => ({
      recording: name,
      cycle,
      crackle,
      wheeze,
      ...(officialSide && { officialSide }),
    })),
  );
}

function countCycles(recordings: readonly IcbhiRecording[]): number {
  return recordings.reduce((sum, { cycles }) => sum + cycles.length, 0);
}
