import { existsSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { appendCheckedLines, readCheckedLines, replaceCheckedLines } from "../../node/checkedLines.js";
import type { RecordFile, RunRecord } from "../runRecord.js";
import { type RunSummary, summaryOf, summaryText } from "./summaryLine.js";

/** The form of a line; lines of another are read anew from the runs. */
const FORM = 1;

/**
 * The summaries of record files, with an index of them beside the runs, so that thousands are read in a second. A line of the index
 * counts while its record has the size and the time of change that it had; what is new, changed or damaged is read from the record
 * itself and added. The index may be deleted at any time, and several processes may use it at once.
 * @param read reads and checks one record; what it throws is told to `warn`, and that record is left out
 */
export function indexedSummaries(
  index: string,
  files: readonly RecordFile[],
  read: (file: string) => RunRecord,
  warn: (message: string) => void,
): RunSummary[] {
  const lines = readCheckedLines(index);
  const known = new Map<string, string>();
  for (const line of lines) known.set(headOf(line), line);
  const added: string[] = [];
  const kept: string[] = [];
  const summaries: RunSummary[] = [];
  for (const { name, file } of files) {
    try {
      const head = headFor(name, statSync(file));
      let line = known.get(head);
      if (line === undefined) {
        line = `${head}\t${summaryText(read(file))}`;
        added.push(line);
      }
      summaries.push(summaryOf(JSON.parse(line.slice(head.length + 1))));
      kept.push(line);
    } catch (error) {
      warn((error as Error).message);
    }
  }
  keep(index, { lines: lines.length, kept, added });
  return summaries;
}

const headOf = (line: string) => line.split("\t", 3).join("\t");

const headFor = (name: string, { mtimeMs, size }: Stats) => `${FORM}\t${name}\t${mtimeMs} ${size}`;

/** An index that cannot be written is none: the next reader takes longer. */
function keep(index: string, { lines, kept, added }: { lines: number; kept: string[]; added: string[] }): void {
  if (!existsSync(path.dirname(index))) return;
  try {
    const outdated = lines + added.length - kept.length;
    if (outdated > 100 && outdated > kept.length) replaceCheckedLines(index, kept);
    else if (added.length > 0) appendCheckedLines(index, added);
  } catch {}
}
