import type { TransferOptions } from "./artifactStore.js";

/** The progress of many transfers as that of one. */
export class CombinedProgress {
  readonly total: number;
  readonly #done = new Map<string, number>();
  #sum = 0;
  readonly #options: TransferOptions;

  constructor(files: readonly { path: string; bytes: number }[], options: TransferOptions) {
    this.total = files.reduce((sum, file) => sum + file.bytes, 0);
    this.#options = options;
  }

  of(path: string): TransferOptions {
    const { onProgress, signal } = this.#options;
    if (!onProgress) return { signal };
    return {
      signal,
      onProgress: (bytes) => {
        this.#sum += bytes - (this.#done.get(path) ?? 0);
        this.#done.set(path, bytes);
        onProgress(this.#sum, this.total);
      },
    };
  }
}
