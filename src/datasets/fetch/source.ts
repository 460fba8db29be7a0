/** What is common to everything that is downloaded. */
interface DownloadedFile {
  /** Name at the publisher's; a mirror given by `--from` must use the same. */
  name: string;
  /** Tried in order; a later one is used where an earlier one refuses. */
  addresses: readonly string[];
  /** Size as reported by others, for the time left and the disk check; the publishers give none. */
  approximateBytes?: number;
  /** A server that sends more is stopped. */
  maxBytes: number;
}

/** A zip file, whose entries go to their places by the pattern of their names. */
export interface SourceArchive extends DownloadedFile {
  kind: "archive";
  /**
   * Where an entry belongs.
   * @param entryPath path within the archive, with forward slashes
   * @returns its part and its path within the data set's folder; undefined for an entry that is not ours to unpack
   */
  place: (entryPath: string) => { part: string; path: string } | undefined;
  /** Parts that this archive holds. */
  parts: readonly string[];
  /** Limits of what may be unpacked: of one entry, and of all together. */
  maxEntryBytes: number;
  maxUnpackedBytes: number;
}

/** A text file that lies beside the recordings. */
export interface SourceList extends DownloadedFile {
  kind: "list";
  part: string;
  /** Without a required one the data set cannot be used; what else is missing is reported. */
  required: boolean;
  /** Path within the data set's folder. */
  saveAs: string;
  /** Content in the form that the loaders read, where that is not the publisher's. */
  convert?: (text: string) => string;
  /** What is wrong with the (converted) content, as the end of a sentence that begins with the file's name. */
  problem: (text: string) => string | undefined;
}

export type SourceFile = SourceArchive | SourceList;

/** What must be in a folder after unpacking. */
export interface ExpectedFolder {
  part: string;
  /** Path within the data set's folder. */
  folder: string;
  /** Number of files by ending. */
  counts: Readonly<Record<string, number>>;
  /** `contentDigest` of all files under the folder, paths relative to it; only where it is known with certainty. */
  digest?: string;
}

/** Where a data set comes from and what it must be. */
export interface FetchSource {
  name: string;
  title: string;
  /** The publisher's page. */
  home: string;
  /** The terms in our words, one paragraph an item. */
  terms: readonly string[];
  /** To be cited by who uses the data. */
  citation: readonly string[];
  /** What `--only` may name, with a word on each. */
  parts: Readonly<Record<string, string>>;
  files: readonly SourceFile[];
  expected: readonly ExpectedFolder[];
}
