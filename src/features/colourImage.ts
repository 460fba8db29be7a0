import { MAGMA } from "./magma.js";
import { composedTaps, resizeTaps, type Tap } from "./resizeWeights.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type ColourImageOptions = {
  /** Bilinear enlargement in both directions. */
  scale: number;
  /** Whether rows at the top that are all but empty are cut off and the rest stretched back to the full height. */
  clipBlank: boolean;
};

/** Grey values below this are black, and a row of which so many parts are black is blank (papers.md 5.2). */
const BLACK_BELOW = 10;
const BLANK_SHARE = 0.8;

/** Grey values of the colour map: ITU-R BT.601 luma in 15 bits, as OpenCV has it. */
const GREY = Uint8Array.from({ length: 256 }, (_, level) => {
  const [red, green, blue] = MAGMA.subarray(3 * level, 3 * level + 3) as unknown as [number, number, number];
  return (9798 * red + 19235 * green + 3735 * blue + 16384) >> 15;
});

/**
 * A map as a picture: its values from 0 to 255 between the map's minimum and maximum, rounded down; magma's colours; enlarged;
 * the last row, which is the highest frequency, at the top. Blank rows at the top go, and one more (the authors' code also drops
 * the first row that is not blank, decision 60), unless nothing would be left.
 *
 * Pixels are within one level of OpenCV's, which rounds after each of two resizings.
 *
 * @param map [rows, frames], finite
 * @returns [rows * scale, frames * scale, 3], red, green, blue from 0 to 1 in steps of 1 / 255
 */
export class ColourImage {
  readonly rows: number;
  private readonly options: ColourImageOptions;
  private readonly enlarged: Tap[];
  /** For each number of rows that were cut off. */
  private readonly vertical = new Map<number, Tap[]>();
  private levels = new Uint8Array(0);
  /** One line of the picture before it is enlarged sideways, [frames, 3]. */
  private line = new Float32Array(0);

  /** @throws RangeError unless rows and scale are positive integers */
  constructor(rows: number, options: ColourImageOptions) {
    for (const [name, value] of Object.entries({ rows, scale: options.scale })) {
      if (!Number.isInteger(value) || value < 1)
        throw new RangeError(`ColourImage: ${name} must be at least 1: ${value}`);
    }
    this.rows = rows * options.scale;
    this.options = options;
    this.enlarged = resizeTaps(rows, this.rows);
  }

  draw(map: Float32Array, frames: number): Float32Array {
    const { scale, clipBlank } = this.options;
    const rows = this.rows / scale;
    if (this.levels.length < map.length) this.levels = new Uint8Array(map.length);
    if (this.line.length < 3 * frames) this.line = new Float32Array(3 * frames);
    const { levels, line } = this;
    levelsOf(map, levels);
    const cut = clipBlank ? blankRows(levels, rows, frames) * scale : 0;
    const taps = this.verticalTaps(cut);
    const width = frames * scale;
    const out = new Float32Array(this.rows * width * 3);
    for (let y = 0; y < this.rows; y++) {
      const { from, weight } = taps[y]!;
      for (let i = 0; i < from.length; i++) {
        // The picture's row 0 is the map's last.
        addColours(levels, (rows - 1 - from[i]!) * frames, frames, weight[i]!, line, i === 0);
      }
      stretch(line, frames, scale, out, y * width * 3);
    }
    return out;
  }

  private verticalTaps(cut: number): Tap[] {
    if (cut === 0 || cut >= this.rows) return this.enlarged;
    let taps = this.vertical.get(cut);
    if (!taps) {
      taps = composedTaps(this.enlarged, resizeTaps(this.rows - cut, this.rows), cut);
      this.vertical.set(cut, taps);
    }
    return taps;
  }
}

/** (x - min) / (max - min) * 255 in single precision, rounded down, as NumPy has it; a map that is constant is black. */
function levelsOf(map: Float32Array, levels: Uint8Array): void {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < map.length; i++) {
    const value = map[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const range = Math.fround(maximum - minimum);
  if (!(range > 0)) {
    levels.fill(0, 0, map.length);
    return;
  }
  for (let i = 0; i < map.length; i++) {
    levels[i] = Math.fround(Math.fround(Math.fround(map[i]! - minimum) / range) * 255);
  }
}

/** Rows to cut off at the top: those that are blank, and one more. */
function blankRows(levels: Uint8Array, rows: number, frames: number): number {
  let row = 0;
  for (; row < rows - 1; row++) {
    const start = (rows - 1 - row) * frames;
    let black = 0;
    for (let i = start; i < start + frames; i++) if (GREY[levels[i]!]! < BLACK_BELOW) black++;
    if (black / frames < BLANK_SHARE) break;
  }
  return row + 1;
}

function addColours(
  levels: Uint8Array,
  start: number,
  frames: number,
  weight: number,
  line: Float32Array,
  first: boolean,
): void {
  for (let i = 0, to = 0; i < frames; i++, to += 3) {
    const colour = 3 * levels[start + i]!;
    const [red, green, blue] = [weight * MAGMA[colour]!, weight * MAGMA[colour + 1]!, weight * MAGMA[colour + 2]!];
    line[to] = first ? red : line[to]! + red;
    line[to + 1] = first ? green : line[to + 1]! + green;
    line[to + 2] = first ? blue : line[to + 2]! + blue;
  }
}

/** From bytes to numbers from 0 to 1. */
const UNIT = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/** One line, enlarged sideways and rounded to 8 bits. */
function stretch(line: Float32Array, frames: number, scale: number, out: Float32Array, offset: number): void {
  // Each pixel becomes `scale` pixels, which lie on one of two sides of its centre or on it.
  for (let phase = 0; phase < scale; phase++) {
    const place = (phase + 0.5) / scale - 0.5;
    const neighbour = place < 0 ? -3 : 3;
    const share = Math.abs(place);
    const own = 1 - share;
    const last = 3 * (frames - 1);
    for (let frame = 0, from = 0, to = offset + 3 * phase; frame < frames; frame++, from += 3, to += 3 * scale) {
      const other = share === 0 || from + neighbour < 0 || from + neighbour > last ? from : from + neighbour;
      for (let channel = 0; channel < 3; channel++) {
        out[to + channel] = UNIT[(own * line[from + channel]! + share * line[other + channel]! + 0.5) | 0]!;
      }
    }
  }
}
