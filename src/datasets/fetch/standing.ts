import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { fileDigests } from "../../node/fileDigests.js";
import { UserError } from "../../userError.js";
import type { PlacedFile } from "./contentDigest.js";
import { expectationProblems } from "./expectation.js";
import { throwIfStopped } from "./failures.js";
import { type FetchRecord, readRecord } from "./record.js";
import type { FetchSource, SourceList } from "./source.js";

/** What of a data set is in its folder already. */
export interface Standing {
  /** Files that are as they were fetched, or as they should be. */
  placed: PlacedFile[];
  /** Parts that are whole. */
  parts: string[];
  record: FetchRecord<Omit<PlacedFile, "bytes">> | undefined;
  /** Files of an earlier fetch that are gone or have other content. */
  lost: string[];
  /** Whether something was found that no record names. */
  adopted: boolean;
}

export interface StandingOptions {
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Looks at what an earlier fetch, or somebody by hand, has put into a data set's folder. Files are compared by digest.
 * @param parts those that are asked for
 * @throws UserError where there are recordings or lists that no fetch brought and that are not what they should be; Stopped
 */
export async function standingOf(
  source: FetchSource,
  folder: string,
  parts: readonly string[],
  options: StandingOptions = {},
): Promise<Standing> {
  const record = readRecord(folder);
  const recorded = record?.placed ?? [];
  const seen = await digestsOf(
    folder,
    recorded.map((file) => file.path),
    options,
  );
  const placed = recorded.flatMap(({ path: file, sha256 }) => {
    const found = seen.get(file);
    return found?.sha256 === sha256 ? [found] : [];
  });
  const good = new Set(placed.map((file) => file.path));
  const lost = recorded.map((file) => file.path).filter((file) => !good.has(file));
  const partOf = (file: string) => source.expected.find((expected) => file.startsWith(`${expected.folder}/`))?.part;
  const whole = new Set((record?.parts ?? []).filter((part) => !lost.some((file) => partOf(file) === part)));
  const before = placed.length;
  for (const part of parts) {
    if (record?.parts.includes(part)) continue;
    const found = await foundPart(source, folder, part, options);
    if (!found) continue;
    placed.push(...found);
    whole.add(part);
  }
  for (const list of listsOf(source, parts)) {
    if (recorded.some((file) => file.path === list.saveAs)) continue;
    const found = await foundList(folder, list, options);
    if (found) placed.push(found);
  }
  return { placed, parts: [...whole], record, lost, adopted: placed.length > before };
}

export function listsOf(source: FetchSource, parts: readonly string[]): SourceList[] {
  return source.files.filter((file): file is SourceList => file.kind === "list" && parts.includes(file.part));
}

/** Recordings that somebody put there by hand: taken over when they are what they should be. */
async function foundPart(
  source: FetchSource,
  folder: string,
  part: string,
  options: StandingOptions,
): Promise<PlacedFile[] | undefined> {
  const expected = source.expected.filter((one) => one.part === part);
  const files = expected.flatMap((one) =>
    filesBelow(path.join(folder, one.folder))
      .map((file) => `${one.folder}/${file}`)
      .filter((file) => Object.keys(one.counts).some((ending) => file.endsWith(ending))),
  );
  if (files.length === 0) return undefined;
  const found = [...(await digestsOf(folder, files, options)).values()];
  const problems = expectationProblems(expected, found);
  if (problems.length === 0) return found;
  throw new UserError(
    `${folder} holds files of ${source.name} that this command did not bring and that are not the whole release:\n${problems
      .map((problem) => `  ${problem}`)
      .join("\n")}\nMove them away, or fetch into another folder with --data DIR. Nothing was changed.`,
  );
}

async function foundList(folder: string, list: SourceList, options: StandingOptions): Promise<PlacedFile | undefined> {
  const found = (await digestsOf(folder, [list.saveAs], options)).get(list.saveAs);
  if (!found) return undefined;
  const file = path.join(folder, list.saveAs);
  const problem = list.problem(readFileSync(file, "utf8"));
  if (problem === undefined) return found;
  throw new UserError(
    `${file} was not brought by this command and is not as it should be: ${problem}. Move it away. Nothing was changed.`,
  );
}

/** Bytes and SHA-256 of those of the files that are there, by path. */
async function digestsOf(
  folder: string,
  files: readonly string[],
  { signal, onProgress }: StandingOptions,
): Promise<Map<string, PlacedFile>> {
  const there = files.flatMap((file) => {
    const found = statSync(path.join(folder, file), { throwIfNoEntry: false });
    return found?.isFile() ? [{ path: file, bytes: found.size }] : [];
  });
  const total = there.reduce((sum, { bytes }) => sum + bytes, 0);
  const result = new Map<string, PlacedFile>();
  let done = 0;
  // In portions, so that Ctrl-C is heard in between.
  for (let at = 0; at < there.length; at += 200) {
    throwIfStopped(signal);
    const portion = there.slice(at, at + 200);
    const digests = fileDigests(portion.map((file) => path.join(folder, file.path)));
    portion.forEach((file, index) => {
      result.set(file.path, { ...file, sha256: digests[index]! });
      done += file.bytes;
    });
    onProgress?.(done, total);
    await pause();
  }
  return result;
}

/** Paths of all files below a folder, with forward slashes, without hidden ones; links to folders are not followed. */
function filesBelow(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".")) return [];
    if (!entry.isDirectory()) return [entry.name];
    return filesBelow(path.join(folder, entry.name)).map((file) => `${entry.name}/${file}`);
  });
}
