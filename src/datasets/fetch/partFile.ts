import { readFileSync, rmSync, statSync } from "node:fs";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import type { Validators } from "./serverAnswer.js";

/** What is known of a download that has begun. */
export interface PartState extends Validators {
  address: string;
  /** Bytes of the whole file, where the server states them. */
  total?: number;
  /** When the last byte came, in ISO form; absent before. */
  finished?: string;
}

/** A file that is being downloaded: `FILE.part` with what came so far, `FILE.part.json` with where it comes from. */
export class PartFile {
  readonly path: string;
  private readonly note: string;

  /** @param file its place once it is complete */
  constructor(file: string) {
    this.path = `${file}.part`;
    this.note = `${file}.part.json`;
  }

  /** Bytes that came so far. */
  bytes(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Undefined before the first byte, and where the note is damaged: then nothing is known of the bytes. */
  state(): PartState | undefined {
    try {
      const state = JSON.parse(readFileSync(this.note, "utf8")) as PartState;
      return typeof state?.address === "string" ? state : undefined;
    } catch {
      return undefined;
    }
  }

  write(state: PartState): void {
    writeJsonAtomic(this.note, state);
  }

  /** Forgets what came. */
  remove(): void {
    rmSync(this.path, { force: true });
    rmSync(this.note, { force: true });
  }
}
