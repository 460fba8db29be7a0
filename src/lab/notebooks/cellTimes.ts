import { readFileSync } from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { cacheFolder } from "../../node/paths.js";

/** How long the cells of a notebook took when it ran last, and what is left of the present run by that. */
export class CellTimes {
  readonly #file: string;
  readonly #cells: readonly string[];
  /** Seconds by cell. */
  readonly #before: Readonly<Record<string, number>>;
  readonly #now: Record<string, number> = {};
  #running = "";
  #since = performance.now();

  /** @param cells the ids of the cells to be executed, in order */
  constructor(notebook: string, cells: readonly string[]) {
    this.#file = path.join(cacheFolder(), "notebooks", `${path.basename(notebook, ".ipynb")}.json`);
    this.#cells = cells;
    this.#before = readTimes(this.#file);
  }

  /** The clock of a cell starts. */
  starts(cell: string): void {
    this.#running = cell;
    this.#since = performance.now();
  }

  /** Its clock stops. */
  ended(cell: string): void {
    this.#now[cell] = (performance.now() - this.#since) / 1000;
    this.#running = "";
  }

  /** Share of the work done; seconds left only where the times of all cells to come are known. */
  estimate(): { fraction: number; secondsLeft?: number } {
    const left = this.#cells.filter((cell) => !(cell in this.#now));
    const done = this.#cells.length - left.length;
    if (!left.every((cell) => cell in this.#before)) return { fraction: done / this.#cells.length };
    const spent = this.#running ? (performance.now() - this.#since) / 1000 : 0;
    const secondsLeft = left.reduce(
      (sum, cell) => sum + Math.max(0, this.#before[cell]! - (cell === this.#running ? spent : 0)),
      0,
    );
    const secondsDone = Object.values(this.#now).reduce((sum, seconds) => sum + seconds, spent);
    return { fraction: left.length === 0 ? 1 : secondsDone / (secondsDone + secondsLeft || 1), secondsLeft };
  }

  /** Kept for the next run; a cache that cannot be written costs the estimate only. */
  keep(): void {
    try {
      writeJsonAtomic(this.#file, { ...this.#before, ...this.#now });
    } catch {
      // Such as a read-only cache folder.
    }
  }
}

function readTimes(file: string): Record<string, number> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>);
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
  } catch {
    return {};
  }
}
