import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileDigests } from "../../node/fileDigests.js";
import { NpyFile } from "../../node/npy.js";
import { MissingData, UserError } from "../../userError.js";
import { readText } from "../files.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { throwErrors } from "../problem.js";
import { ALL_CYCLES, BANDS, DECIBELS, FRAMES, INDEX_FILE, MAP_BYTES, MAPS_FILE } from "./format.js";
import { type LogmelRow, parseLogmelIndex } from "./indexFile.js";

/** Log-mel maps of ICBHI's cycles, as stored. */
export interface IcbhiLogmel {
  readonly root: string;
  /** The file of maps; stands for the audio in splits, see `logmelFileOf`. */
  readonly file: string;
  /** True for maps of a set written by `data demo`; whatever is computed from them says so. */
  readonly madeUp: boolean;
  /** In the order of the maps. */
  readonly rows: readonly LogmelRow[];
  /** Whether there is a map of every cycle of the whole set, 6,898. */
  readonly complete: boolean;
  readonly bands: typeof BANDS;
  readonly frames: typeof FRAMES;
  /** 32 hex digits over maps and index. Reads both when first asked for. */
  readonly digest: string;
  /**
   * [bands, frames], row-major, lowest band first: decibels below the cycle's maximum, from -80 to 0 (see `DECIBELS`).
   * @param index place in `rows`
   * @param out used where given, of 90 x 173 values
   * @throws RangeError for a row that is not there
   */
  map(index: number, out?: Float32Array): Float32Array;
  /** The map as it is stored, one byte for each value; `out` is used where given. */
  bytes(index: number, out?: Uint8Array): Uint8Array;
  /** Place in `rows` of a cycle, by its id; undefined where there is no map of it. */
  rowOf(cycleId: string): number | undefined;
  /** Closes the file of maps; nothing can be read afterwards. */
  close(): void;
}

/** Where the maps would lie: beside the other files of ICBHI, or in a folder that `data logmel` wrote. */
export function findIcbhiLogmel(dataDir: string): string | undefined {
  return [path.join(dataDir, "icbhi"), dataDir].find((root) => existsSync(path.join(root, MAPS_FILE)));
}

/**
 * Reads the index of the stored maps and opens the maps, which are read one by one when they are asked for.
 * @param dataDir the folder that holds `icbhi/`, or the folder of the maps itself
 * @throws UserError when there are none, and when index or maps are wrong, with file and line
 */
export function loadIcbhiLogmel(dataDir: string): IcbhiLogmel {
  const root = findIcbhiLogmel(dataDir);
  if (!root) {
    throw new MissingData(
      `no ${MAPS_FILE} in ${path.join(dataDir, "icbhi")} or ${dataDir}; \`auscult data logmel DIR\` makes it from the recordings`,
    );
  }
  const rows = readIndex(path.join(root, INDEX_FILE));
  const file = path.join(root, MAPS_FILE);
  const maps = new NpyFile(file, "uint8");
  const [count, ...shape] = maps.shape;
  if (shape.length !== 2 || shape[0] !== BANDS || shape[1] !== FRAMES || count !== rows.length) {
    maps.close();
    throw new MissingData(
      `${file}: has shape (${maps.shape.join(", ")}); expected (${rows.length}, ${BANDS}, ${FRAMES}), the first being the rows of ${INDEX_FILE}`,
    );
  }
  const places = new Map(rows.map(({ id }, index) => [id, index]));
  const scratch = new Uint8Array(MAP_BYTES);
  const decibels = DECIBELS;
  let digest: string | undefined;
  return {
    root,
    file,
    madeUp: existsSync(path.join(root, MADE_UP_MARKER)),
    rows,
    complete: rows.length === ALL_CYCLES,
    bands: BANDS,
    frames: FRAMES,
    get digest() {
      digest ??= createHash("sha256")
        .update(fileDigests([file, path.join(root, INDEX_FILE)]).join("\n"))
        .digest("hex")
        .slice(0, 32);
      return digest;
    },
    map(index, out = new Float32Array(MAP_BYTES)) {
      if (out.length !== MAP_BYTES) throw new RangeError(`a map has ${MAP_BYTES} values, not ${out.length}`);
      maps.read(index, scratch);
      for (let i = 0; i < MAP_BYTES; i++) out[i] = decibels[scratch[i]!]!;
      return out;
    },
    bytes: (index, out) => maps.read(index, out),
    rowOf: (cycleId) => places.get(cycleId),
    close: () => maps.close(),
  };
}

function readIndex(file: string): LogmelRow[] {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${file}: ${error.message}`) : error;
  }
  const { rows, problems } = parseLogmelIndex(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  throwErrors(
    `${file} cannot be used`,
    errors.map((problem) => ({ ...problem, file: INDEX_FILE })),
  );
  return rows;
}
