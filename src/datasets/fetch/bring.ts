import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { fileDigests } from "../../node/fileDigests.js";
import { UserError } from "../../userError.js";
import type { PlacedFile } from "./contentDigest.js";
import { type Downloaded, type DownloadOptions, discard, download } from "./download.js";
import { expectationProblems } from "./expectation.js";
import { DamagedArchive, Unavailable } from "./failures.js";
import { needSpace } from "./needSpace.js";
import { unpackFolder, workFolder } from "./placing.js";
import type { FetchedFile } from "./record.js";
import type { FetchSource, SourceArchive, SourceFile, SourceList } from "./source.js";
import { unpackZip } from "./unpackZip.js";

export interface FetchProgress {
  phase: string;
  doneBytes: number;
  /** Undefined where it is not known. */
  totalBytes?: number;
}

export interface BringOptions extends Omit<DownloadOptions, "onProgress"> {
  /** Digests that downloaded files must have, by file name. */
  digests?: Readonly<Record<string, string>>;
  onProgress?: (progress: FetchProgress) => void;
}

/** What a fetch has brought, unpacked beside its place. */
export interface Brought {
  fetched: FetchedFile[];
  placed: PlacedFile[];
  missing: { file: string; why: string }[];
}

/**
 * Downloads files and unpacks them beside their place, lists first, so that a publisher who does not answer is noticed soon.
 * @param parts those to unpack
 * @throws UserError where a file cannot be had or is not what it should be; Stopped
 */
export async function bring(
  source: FetchSource,
  needed: readonly SourceFile[],
  parts: readonly string[],
  folder: string,
  options: BringOptions,
): Promise<Brought> {
  const unpacked = unpackFolder(folder);
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const brought: Brought = { fetched: [], placed: [], missing: [] };
  try {
    const lists = needed.filter((file): file is SourceList => file.kind === "list");
    const archives = needed.filter((file): file is SourceArchive => file.kind === "archive");
    await needSpace(workFolder(folder), bytesToCome(archives, folder), `fetching ${source.name}`);
    for (const list of lists) await bringList(list, folder, options, brought);
    for (const archive of archives) await bringArchive(source, archive, parts, folder, options, brought);
    return brought;
  } catch (error) {
    rmSync(unpacked, { recursive: true, force: true });
    throw error;
  }
}

/** The archive and what it unpacks to, half as much again; less what came already. An estimate: unpacking asks again. */
function bytesToCome(archives: readonly SourceArchive[], folder: string): number {
  return archives.reduce((sum, { name, approximateBytes = 0 }) => {
    const came = [name, `${name}.part`].map(
      (file) => statSync(path.join(workFolder(folder), file), { throwIfNoEntry: false })?.size ?? 0,
    );
    return sum + Math.max(0, 2.5 * approximateBytes - Math.max(...came));
  }, 0);
}

async function bringList(list: SourceList, folder: string, options: BringOptions, brought: Brought): Promise<void> {
  try {
    const file = await downloaded(list, folder, options);
    const content = readFileSync(file.path);
    const text = list.convert?.(content.toString("utf8")) ?? content.toString("utf8");
    const problem = list.problem(text);
    if (problem !== undefined) {
      discard(file);
      throw new Unavailable(`${list.name} from ${file.address} is not what it should be: ${problem}.`);
    }
    const target = path.join(unpackFolder(folder), list.saveAs);
    writeFileAtomic(target, list.convert ? text : content);
    brought.placed.push({ path: list.saveAs, bytes: statSync(target).size, sha256: fileDigests([target])[0]! });
    brought.fetched.push(asFetched(list.name, file));
  } catch (error) {
    if (list.required || !(error instanceof Unavailable)) throw error;
    brought.missing.push({ file: list.saveAs, why: error.message });
    options.say?.(`${error.message}\nIt goes on without ${list.saveAs}.`);
  }
}

async function bringArchive(
  source: FetchSource,
  archive: SourceArchive,
  parts: readonly string[],
  folder: string,
  options: BringOptions,
  brought: Brought,
): Promise<void> {
  const file = await downloaded(archive, folder, options);
  const files = await unpack(archive, file, parts, folder, options);
  const expected = source.expected.filter(({ part }) => archive.parts.includes(part) && parts.includes(part));
  const problems = expectationProblems(expected, files);
  if (problems.length > 0) {
    const whole = parts.filter(
      (part) =>
        archive.parts.includes(part) &&
        expectationProblems(
          expected.filter((one) => one.part === part),
          files,
        ).length === 0,
    );
    throw notTheRelease(archive, file, problems, whole);
  }
  brought.placed.push(...files);
  brought.fetched.push(asFetched(archive.name, file));
}

async function unpack(
  archive: SourceArchive,
  file: Downloaded,
  parts: readonly string[],
  folder: string,
  { signal, onProgress }: BringOptions,
): Promise<PlacedFile[]> {
  const phase = `unpacking ${archive.name}`;
  try {
    return await unpackZip(file.path, unpackFolder(folder), {
      place: (entry) => {
        const found = archive.place(entry);
        return found && parts.includes(found.part) ? found.path : undefined;
      },
      maxEntryBytes: archive.maxEntryBytes,
      maxUnpackedBytes: archive.maxUnpackedBytes,
      ...(signal && { signal }),
      onProgress: (doneBytes, totalBytes) => onProgress?.({ phase, doneBytes, totalBytes }),
    });
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error;
    discard(file);
    const then = file.ours ? "It was removed: run the same command to download it again." : "Nothing was changed.";
    throw new UserError(`${archive.name} from ${file.address} cannot be unpacked: ${error.message}. ${then}`, 1);
  }
}

async function downloaded(file: SourceFile, folder: string, options: BringOptions): Promise<Downloaded> {
  const { onProgress, digests = {}, ...rest } = options;
  const phase = `downloading ${file.name}`;
  const result = await download(file, workFolder(folder), {
    ...rest,
    onProgress: (doneBytes, totalBytes = file.approximateBytes) =>
      onProgress?.({ phase, doneBytes, ...(totalBytes !== undefined && { totalBytes }) }),
  });
  const pinned = digests[file.name]?.toLowerCase();
  if (pinned === undefined || pinned === result.sha256) return result;
  discard(result);
  throw new UserError(`${file.name} from ${result.address} has the digest ${result.sha256} instead of ${pinned}`, 1);
}

function asFetched(file: string, { address, bytes, sha256, date, etag, lastModified }: Downloaded): FetchedFile {
  const version = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  return { file, address, bytes, sha256, date, ...version };
}

/** Kept aside, since the download was long and nothing is wrong with it but that it is something else. */
function notTheRelease(
  archive: SourceArchive,
  file: Downloaded,
  problems: readonly string[],
  wholeParts: readonly string[],
): UserError {
  const kept = `${file.path}.refused`;
  if (file.ours) {
    renameSync(file.path, kept);
    discard(file);
  }
  const lines = problems.map((problem) => `  ${problem}`).join("\n");
  const rest = file.ours ? ` The archive is kept as ${kept}.` : "";
  const hint = wholeParts.map((part) => ` Part ${part} is whole: --only ${part} takes it.`).join("");
  return new UserError(
    `${archive.name} from ${file.address} (SHA-256 ${file.sha256}) is whole, but it is not the release that is known here:\n${lines}\nNothing was put in place.${rest}${hint}`,
    1,
  );
}
