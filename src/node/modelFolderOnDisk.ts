import { readFile } from "node:fs/promises";
import path from "node:path";

/** A folder on disk as `load` of `src/inference/` reads it. Throws what the file system throws for a file that may not be read. */
export function modelFolderOnDisk(folder: string) {
  return {
    name: folder,
    async read(file: string): Promise<Uint8Array | undefined> {
      try {
        return await readFile(path.join(folder, file));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
      }
    },
  };
}
