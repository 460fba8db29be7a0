/** Where an exported model's files are read from: a folder on disk, a server, files that were dropped on a page. */
export interface ModelFolder {
  /** For messages. */
  readonly name: string;
  /**
   * @param path within the folder, with slashes
   * @returns the whole file; undefined where there is none
   */
  read(path: string): Promise<Uint8Array | undefined>;
}

/**
 * A folder on a server, such as the page's own.
 *
 * @param address absolute, or as the page's own addresses are
 */
export function fetchedFolder(address: string): ModelFolder {
  const base = address.replace(/\/*$/, "/");
  return {
    name: address,
    async read(path) {
      const answer = await fetch(base + path.split("/").map(encodeURIComponent).join("/"));
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`${base}${path}: the server answers ${answer.status} ${answer.statusText}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}

/** Files that were dropped or chosen, by their paths below the folder. */
export function givenFolder(name: string, files: ReadonlyMap<string, Pick<Blob, "arrayBuffer">>): ModelFolder {
  return {
    name,
    async read(path) {
      const file = files.get(path);
      return file && new Uint8Array(await file.arrayBuffer());
    },
  };
}
