import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { decodeWav } from "../../audio/wav.js";
import { builderText, type ClipBuilder, cutPiece, type Piece } from "../../features/store/clipBuilder.js";
import { UserError } from "../../userError.js";
import { type ExportPlace, loadExport } from "../workers/exportPlace.js";
import type { JobProgram } from "../workers/jobProgram.js";
import { ShardWriter } from "./shardWriter.js";

/** A recording and the pieces of it whose maps are missing. */
export interface BuildJob {
  file: string;
  sha256: string;
  pieces: readonly (Piece & { id: string; key: string })[];
}

/** What a recording cost. */
export interface BuildCost {
  bytesRead: number;
  secondsReading: number;
  secondsComputing: number;
  secondsWriting: number;
}

export interface BuildOptions {
  folder: string;
  /** `builderText` of the builder that is meant. */
  text: string;
  builder: ClipBuilder | ExportPlace;
}

/** The longest the event loop is kept from Ctrl-C and progress, but for one piece. */
const SLICE_MS = 20;

/** Computes the maps of recordings and writes them to a shard of its own. */
export const buildProgram: JobProgram<BuildOptions, BuildJob, BuildCost> = {
  file: "src/node/featureStore/buildProgram.ts",
  name: "buildProgram",
  async start({ folder, text, builder: given }) {
    const builder = "compute" in given ? given : await loadExport<ClipBuilder>(given);
    if (builderText(builder) !== text)
      throw new Error(`${builder.name}: the worker finds another builder by this name`);
    const writer = new ShardWriter(folder);
    return { run: (job) => build(job, builder, writer), close: () => writer.close() };
  },
};

async function build(
  { file, sha256, pieces }: BuildJob,
  builder: ClipBuilder,
  writer: ShardWriter,
): Promise<BuildCost> {
  const clock = new Clock();
  const bytes = readRecording(file, sha256);
  const secondsReading = clock.lap();
  const recording = named(file, () => builder.prepare(decodeWav(bytes, file)));
  const cost = { bytesRead: bytes.byteLength, secondsReading, secondsComputing: clock.lap(), secondsWriting: 0 };
  let sliceStart = performance.now();
  for (const piece of pieces) {
    if (performance.now() - sliceStart > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceStart = performance.now();
      clock.lap();
    }
    const map = named(`${piece.id} (${path.basename(file)})`, () => {
      return builder.compute(cutPiece(recording, piece), recording.sampleRateHz);
    });
    cost.secondsComputing += clock.lap();
    writer.add(piece.key, map.frames, map.data);
    cost.secondsWriting += clock.lap();
  }
  return cost;
}

/** The file's bytes, if they are still those that the digest is of. */
function readRecording(file: string, sha256: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(`${file}: the recording cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  if (createHash("sha256").update(bytes).digest("hex") === sha256) return bytes;
  throw new UserError(`${file}: the recording was written to meanwhile; run the same command again`);
}

/** Lets what goes wrong in here say of what. */
function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith(name)) throw error;
    if (error instanceof UserError || error instanceof RangeError) throw new UserError(`${name}: ${message}`);
    throw new Error(`${name}: ${message}`, { cause: error });
  }
}

class Clock {
  private last = performance.now();

  /** Seconds since the last call. */
  lap(): number {
    const before = this.last;
    this.last = performance.now();
    return (this.last - before) / 1000;
  }
}
