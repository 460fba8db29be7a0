import { rmSync } from "node:fs";
import { appendCheckedLines, readCheckedLines, replaceCheckedLines } from "../../node/checkedLines.js";
import type { Clip } from "./clip.js";

/** One file's answer. */
export interface ClipAnswer {
  /** Index into the model's labels. */
  label: number;
  /** Reading, features and its share of the network's time. */
  seconds: number;
  silent: boolean;
}

/**
 * The labels that an interrupted command left beside its output, one line a file. A line holds for the same model and a file of the
 * same place, size and time of modification; others are forgotten.
 */
export class PartialLabels {
  private readonly place: string;
  private readonly model: string;
  private readonly known = new Map<string, ClipAnswer>();
  /** As they stand in the file. */
  private readonly lines: string[] = [];
  private cleared = false;
  /** Answers of another model, which stay until the first of this one. */
  readonly ofOthers: number = 0;

  /** @param model digest of the model */
  constructor(output: string, model: string) {
    this.place = `${output}.partial`;
    this.model = model;
    for (const line of readCheckedLines(this.place)) {
      const [of, file, bytes, modifiedMs, label, seconds, silent] = JSON.parse(line) as Line;
      if (of !== model) {
        this.ofOthers++;
        continue;
      }
      this.known.set(key(file, { bytes, modifiedMs }), { label, seconds, silent });
      this.lines.push(line);
    }
  }

  /** @param file with its whole path */
  find(file: string, clip: Pick<Clip, "bytes" | "modifiedMs">): ClipAnswer | undefined {
    return this.known.get(key(file, clip));
  }

  add(answers: readonly (ClipAnswer & { file: string; clip: Clip })[]): void {
    const lines = answers.map(({ file, clip: { bytes, modifiedMs }, label, seconds, silent }) => {
      const line: Line = [this.model, file, bytes, modifiedMs, label, seconds, silent];
      return JSON.stringify(line);
    });
    if (this.ofOthers > 0 && !this.cleared) replaceCheckedLines(this.place, this.lines);
    this.cleared = true;
    if (lines.length > 0) appendCheckedLines(this.place, lines);
  }

  remove(): void {
    rmSync(this.place, { force: true });
  }
}

type Line = [
  model: string,
  file: string,
  bytes: number,
  modifiedMs: number,
  label: number,
  seconds: number,
  silent: boolean,
];

function key(file: string, { bytes, modifiedMs }: Pick<Clip, "bytes" | "modifiedMs">): string {
  return `${bytes} ${modifiedMs} ${file}`;
}
