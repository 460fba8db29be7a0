import { readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import { contentDigest, type PlacedFile } from "./contentDigest.js";
import type { Validators } from "./serverAnswer.js";

/** A file that was downloaded, as FETCHED.json keeps it. */
export interface FetchedFile extends Validators {
  file: string;
  address: string;
  bytes: number;
  sha256: string;
  /** When it came, in ISO form. */
  date: string;
}

/** What lies in a data set's folder and where it comes from. */
export interface FetchRecord<File = PlacedFile> {
  name: string;
  /** Parts whose archive is unpacked as a whole. */
  parts: string[];
  downloads: FetchedFile[];
  /** Files that are in place. */
  placed: File[];
  /** Lists that could not be had, and why. */
  missing: { file: string; why: string }[];
}

export const RECORD_FILES = { summary: "FETCHED.json", digests: "FETCHED.sha256" } as const;

/**
 * Writes FETCHED.json (what was downloaded, how much is in place, one digest of it) and FETCHED.sha256 (a line for each file, as
 * `sha256sum -c` reads them). The summary comes last: it names the digest of the other.
 */
export function writeRecord(folder: string, { name, parts, downloads, placed, missing }: FetchRecord): void {
  const sorted = [...placed].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map(({ path: file, sha256 }) => `${sha256}  ${file}\n`).join("");
  writeFileAtomic(path.join(folder, RECORD_FILES.digests), lines);
  const bytes = sorted.reduce((sum, file) => sum + file.bytes, 0);
  const summary = { name, parts, files: sorted.length, bytes, digest: contentDigest(sorted), downloads, missing };
  writeJsonAtomic(path.join(folder, RECORD_FILES.summary), summary);
}

/** The record of an earlier fetch; undefined where there is none, or one whose two files do not belong together. */
export function readRecord(folder: string): FetchRecord<Omit<PlacedFile, "bytes">> | undefined {
  try {
    const { name, parts, downloads, missing, digest } = JSON.parse(
      readFileSync(path.join(folder, RECORD_FILES.summary), "utf8"),
    );
    const placed = readFileSync(path.join(folder, RECORD_FILES.digests), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({ sha256: line.slice(0, 64), path: line.slice(66) }));
    if (!Array.isArray(parts) || !Array.isArray(downloads) || !Array.isArray(missing)) return undefined;
    return contentDigest(placed) === digest ? { name, parts, downloads, missing, placed } : undefined;
  } catch {
    return undefined;
  }
}
