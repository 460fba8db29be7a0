import { rmdirSync } from "node:fs";
import { UserError } from "../../userError.js";
import { type BringOptions, type Brought, bring } from "./bring.js";
import { contentDigest } from "./contentDigest.js";
import { FetchLock } from "./fetchLock.js";
import { finishPlacing, place, workFolder } from "./placing.js";
import { type FetchedFile, type FetchRecord, writeRecord } from "./record.js";
import type { FetchSource, SourceArchive, SourceFile } from "./source.js";
import { type Standing, standingOf } from "./standing.js";

export type { FetchProgress } from "./bring.js";

export interface FetchOptions extends BringOptions {
  /** Parts to fetch; all by default. */
  parts?: readonly string[];
  /** Asked once, before the first byte is downloaded; false ends the fetch. */
  agree?: () => Promise<boolean>;
}

/** What `data fetch --json` prints. */
export interface FetchResult {
  name: string;
  folder: string;
  /** Number of files that are in place, their bytes, and `contentDigest` of them. */
  files: number;
  bytes: number;
  digest: string;
  /** Parts whose recordings are whole. */
  parts: string[];
  /** What all of it was downloaded as, also by earlier calls. */
  downloads: FetchedFile[];
  /** Lists that could not be had; the next call tries again. */
  missing: { file: string; why: string }[];
  /** Names of the files that this call downloaded; none where all was in place. */
  fetched: string[];
  /** Files that had other content than this call brought; they lie under `replaced/`. */
  replaced: string[];
}

/**
 * Brings a data set into its folder, in its publisher's layout: what is missing is downloaded, unpacked beside its place, compared with
 * what is known of the release, and moved. What is in place already is verified by digest and not downloaded again.
 *
 * @param folder the data set's own folder, such as DIR/icbhi; it is made
 * @throws UserError where the publisher does not give it, it is not what it should be, another process fetches it, or the folder holds
 *   something else; Stopped
 */
export async function fetchDataset(
  source: FetchSource,
  folder: string,
  options: FetchOptions = {},
): Promise<FetchResult> {
  const { parts = Object.keys(source.parts), agree, ...bringOptions } = options;
  const { signal, onProgress, say } = options;
  const lock = FetchLock.take(folder);
  try {
    const replacedBefore = finishPlacing(folder);
    const standing = await standingOf(source, folder, parts, {
      ...(signal && { signal }),
      onProgress: (doneBytes, totalBytes) => onProgress?.({ phase: `verifying ${source.name}`, doneBytes, totalBytes }),
    });
    const { lost } = standing;
    if (lost.length > 0) say?.(`gone or changed since they were fetched: ${lost.length} files, such as ${lost[0]}`);
    const needed = source.files.filter((file) => isNeeded(file, parts, standing));
    if (needed.length === 0) {
      const record = recordOf(source, standing);
      if (standing.adopted) writeRecord(folder, record);
      return resultOf(folder, record, [], replacedBefore);
    }
    if (agree && !(await agree())) throw new UserError("nothing was downloaded", 1);
    const toUnpack = parts.filter((part) => !standing.parts.includes(part));
    const brought = await bring(source, needed, toUnpack, folder, bringOptions);
    if (!lock.isOurs()) throw new UserError(`another process has taken over ${folder}; run the same command again`, 1);
    const record = recordOf(source, standing, brought, wholeParts(needed, toUnpack));
    const replaced = place(folder, record);
    return resultOf(folder, record, brought.fetched, [...replacedBefore, ...replaced]);
  } finally {
    lock.release();
    removeIfEmpty(workFolder(folder));
    removeIfEmpty(folder);
  }
}

function isNeeded(file: SourceFile, parts: readonly string[], standing: Standing): boolean {
  if (file.kind === "archive") return file.parts.some((part) => parts.includes(part) && !standing.parts.includes(part));
  return parts.includes(file.part) && !standing.placed.some((placed) => placed.path === file.saveAs);
}

/** Parts that the archives among the files hold. */
function wholeParts(files: readonly SourceFile[], parts: readonly string[]): string[] {
  const archives = files.filter((file): file is SourceArchive => file.kind === "archive");
  return archives.flatMap((archive) => archive.parts.filter((part) => parts.includes(part)));
}

/** What there is once what was brought is in place. */
function recordOf(
  source: FetchSource,
  standing: Standing,
  { fetched, placed, missing }: Brought = { fetched: [], placed: [], missing: [] },
  parts: readonly string[] = [],
): FetchRecord {
  const { record } = standing;
  const newPaths = new Set(placed.map((file) => file.path));
  const newNames = new Set(fetched.map(({ file }) => file));
  const all = [...standing.placed.filter((file) => !newPaths.has(file.path)), ...placed];
  const told = new Set([...all.map((file) => file.path), ...missing.map(({ file }) => file)]);
  return {
    name: source.name,
    parts: [...new Set([...standing.parts, ...parts])].sort(),
    downloads: [...(record?.downloads ?? []).filter(({ file }) => !newNames.has(file)), ...fetched],
    placed: all,
    missing: [...(record?.missing ?? []).filter(({ file }) => !told.has(file)), ...missing],
  };
}

function resultOf(
  folder: string,
  { name, parts, downloads, placed, missing }: FetchRecord,
  fetched: readonly FetchedFile[],
  replaced: string[],
): FetchResult {
  return {
    name,
    folder,
    files: placed.length,
    bytes: placed.reduce((sum, { bytes }) => sum + bytes, 0),
    digest: contentDigest(placed),
    parts,
    downloads,
    missing,
    fetched: fetched.map(({ file }) => file),
    replaced,
  };
}

/** A fetch that came to nothing leaves no folder that looks like a data set. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something.
  }
}
