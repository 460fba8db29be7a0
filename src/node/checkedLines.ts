import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "./atomicFile.js";

const checkLength = 12;

const checkOf = (text: string) => createHash("sha1").update(text).digest("hex").slice(0, checkLength);

const lineOf = (text: string) => `${checkOf(text)} ${text}`;

/**
 * The texts of a file of checked lines, for caches that several processes add to: a line that was cut, damaged or mixed with another is
 * left out, and a file that is not there has none.
 */
export function readCheckedLines(file: string): string[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return content.split("\n").flatMap((line) => {
    const text = line.slice(checkLength + 1);
    return text && line.slice(0, checkLength) === checkOf(text) ? [text] : [];
  });
}

/** Adds texts without line breaks in one write. It begins with a line break: what an interrupted writer left is a line of its own. */
export function appendCheckedLines(file: string, texts: readonly string[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `\n${texts.map(lineOf).join("\n")}\n`);
}

/** Writes the file anew with these texts alone. What another process adds meanwhile is lost to the cache. */
export function replaceCheckedLines(file: string, texts: readonly string[]): void {
  writeFileAtomic(file, `${texts.map(lineOf).join("\n")}\n`);
}
