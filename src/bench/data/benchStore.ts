import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { type BuildProgress, openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import { surveyStore } from "../../node/featureStore/survey.js";
import { fileDigests } from "../../node/fileDigests.js";
import { cacheFolder } from "../../node/paths.js";
import type { StoreCase } from "./storeCases.js";

/** A data set on its way from WAV files to stored maps. */
export interface StoreBench {
  name: string;
  title: string;
  recordings: number;
  maps: number;
  workers: number;
  /** From nothing to all maps stored and read back; of it, the digests of the recordings. */
  seconds: number;
  secondsDigests: number;
  /** To open them again. */
  secondsToOpen: number;
  /** Of the threads' time: reading with digests, computing, writing. */
  shares: { reading: number; computing: number; writing: number };
  /** Of the recordings, and of what is stored. */
  megabytesRead: number;
  megabytesStored: number;
}

export interface StoreBenchOptions {
  dataDir: string;
  workers?: number;
  signal: AbortSignal;
  onProgress?(done: BuildProgress): void;
}

/** Into a cache folder of its own beside the usual one, which is removed. @throws the signal's reason when aborted */
export async function benchStore(
  { name, title, builder, place, items: itemsOf }: StoreCase,
  { dataDir, workers = availableParallelism(), signal, onProgress }: StoreBenchOptions,
): Promise<StoreBench> {
  const items = itemsOf(dataDir);
  const files = [...new Set(items.map(({ file }) => file))];
  const usual = process.env.AUSCULT_CACHE;
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(path.join(cacheFolder(), "bench-"));
  process.env.AUSCULT_CACHE = folder;
  try {
    let last: BuildProgress | undefined;
    const started = performance.now();
    fileDigests(files);
    const secondsDigests = secondsSince(started);
    const request = { items, builder, place, workers, signal };
    const onStored = (done: BuildProgress) => {
      last = done;
      onProgress?.(done);
    };
    await openOrBuildFeatures({ ...request, onProgress: onStored });
    const seconds = secondsSince(started);
    const opening = performance.now();
    await openOrBuildFeatures(request);
    const secondsToOpen = secondsSince(opening);
    const { secondsReading, secondsComputing, secondsWriting, bytesRead } = last!.cost;
    const all = secondsReading + secondsComputing + secondsWriting;
    return {
      ...{ name, title, recordings: files.length, maps: items.length, workers, seconds, secondsDigests, secondsToOpen },
      shares: { reading: secondsReading / all, computing: secondsComputing / all, writing: secondsWriting / all },
      megabytesRead: bytesRead / 1e6,
      megabytesStored: surveyStore().bytes / 1e6,
    };
  } finally {
    if (usual === undefined) delete process.env.AUSCULT_CACHE;
    else process.env.AUSCULT_CACHE = usual;
    rmSync(folder, { recursive: true, force: true });
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
