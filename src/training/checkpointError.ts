import { UserError } from "../userError.js";

/** What a person does about each of the file system's refusals. */
const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: make room",
  EDQUOT: "the disk quota is used up: make room",
  EFBIG: "the file is larger than this process may write (ulimit -f): raise the limit",
  EACCES: "there is no permission to write there: grant it",
  EPERM: "there is no permission to write there: grant it",
  EROFS: "the file system is mounted read-only: mount it for writing",
};

/** A checkpoint that could not be written: the run ends with exit code 1, and goes on from the checkpoint before. */
export class CheckpointError extends UserError {
  /** @param last the name of the last good one, if there is one */
  constructor(folder: string, last: string | undefined, cause: Error) {
    const { code } = cause as NodeJS.ErrnoException;
    const mend = (code && MENDS[code]) ?? `${cause.message}: see to the disk`;
    const stays = last
      ? `; the checkpoint before it (${last}) stays, and the same command goes on from there`
      : "; there is none before it";
    super(`${folder}: the checkpoint could not be written; ${mend}, then start again${stays}`, 1);
    this.name = "CheckpointError";
    this.cause = cause;
  }
}
