import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { TestTouch } from "../datasets/roles.js";

/**
 * Every opening of a test set in a run, over all its sittings: a line of a file each, written before the labels are handed out. An epoch
 * that a kill made the run repeat stands there twice, since its test set was looked at twice.
 */
export class TestOpenings {
  private readonly file: string;

  /** @param file need not exist; its folder must */
  constructor(file: string) {
    this.file = file;
  }

  record(touch: TestTouch): void {
    // A line break on both sides: what a kill cut short must not swallow the line after it.
    appendFileSync(this.file, `\n${JSON.stringify(touch)}\n`);
  }

  /** In the order they happened. A line that a kill cut short is left out: its opening had not happened yet. */
  all(): TestTouch[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, "utf8").split("\n");
    return lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as TestTouch);
  }
}
