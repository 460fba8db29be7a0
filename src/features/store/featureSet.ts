/** The maps of a list of items. */
export interface FeatureSet {
  /** Hexadecimal SHA-256 of what the maps were made from. */
  readonly digest: string;
  /** Items. */
  readonly count: number;
  readonly rows: number;
  /** Default 1. */
  readonly channels?: number;
  /** Frames of item `i`. Throws RangeError for an item that is not there. */
  frames(i: number): number;
  /** [rows, frames(i), channels], row-major. May be a view of shared memory: copy it before changing it. */
  map(i: number): Float32Array;
}
