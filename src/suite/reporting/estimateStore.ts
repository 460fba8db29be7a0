import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Assessment } from "../../evaluation/assessment.js";
import { appendCheckedLines, readCheckedLines } from "../../node/checkedLines.js";
import { cacheFolder, projectRoot } from "../../node/paths.js";
import { patientsText } from "./summaryLine.js";

/**
 * What was computed from patients' counts by resampling, kept in the cache folder: the same counts give the same numbers. The key holds
 * the counts themselves and a digest of the code that resamples, so nothing there can be out of date. May be deleted at any time.
 */
export class EstimateStore {
  private known: Map<string, unknown> | undefined;
  private readonly added: string[] = [];
  private place: string | undefined;

  /** @param sets the sets whose counts go into the number, in their order */
  get<Value>(what: string, sets: readonly Assessment[], compute: () => Value): Value {
    const hash = createHash("sha1").update(what);
    for (const set of sets) hash.update(`\n${set.confusion.labels.join("\t")}\n${patientsText(set)}`);
    const key = hash.digest("hex");
    this.known ??= this.read();
    if (this.known.has(key)) return this.known.get(key) as Value;
    // As it will be read: JSON has no NaN.
    const text = JSON.stringify(compute());
    const value = JSON.parse(text) as Value;
    this.known.set(key, value);
    this.added.push(`${key}\t${text}`);
    return value;
  }

  /** Keeps what is new; a cache that cannot be written is none. */
  save(): void {
    if (this.added.length === 0) return;
    try {
      if (this.file()) appendCheckedLines(this.file(), this.added.splice(0));
    } catch {}
  }

  private read(): Map<string, unknown> {
    if (!this.file()) return new Map();
    return new Map(
      readCheckedLines(this.file()).map((line) => {
        const [key, text] = line.split("\t", 2);
        return [key!, JSON.parse(text!)];
      }),
    );
  }

  private file(): string {
    if (this.place === undefined) {
      const digest = codeDigest();
      this.place = digest === undefined ? "" : path.join(cacheFolder(), "reports", digest, "estimates.lines");
    }
    return this.place;
  }
}

/** Of everything that a number may depend on besides its counts; undefined where the code is not there to be read. */
function codeDigest(): string | undefined {
  const hash = createHash("sha1");
  for (const room of ["src/evaluation", "src/random", "src/suite/reporting"]) {
    const folder = path.join(projectRoot(), room);
    if (!existsSync(folder)) return undefined;
    for (const file of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
