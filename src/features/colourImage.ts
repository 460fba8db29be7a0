import { BlendedRows } from "./blendedRows.js";
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
  private canvas: { frames: number; lines: BlendedRows } | undefined;
  /** A line of the map's colours with its first and last pixel twice, [frames + 2, 3]. */
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

  draw(map: Float32Array, frames: number, out?: Float32Array): Float32Array {
    const { scale, clipBlank } = this.options;
    const rows = this.rows / scale;
    if (this.levels.length < map.length) this.levels = new Uint8Array(map.length);
    if (this.canvas?.frames !== frames) {
      this.canvas = { frames, lines: new BlendedRows(rows, frames * scale * 3, this.rows) };
      this.line = new Float32Array(3 * (frames + 2));
    }
    const { levels, line } = this;
    levelsOf(map, levels);
    const { lines } = this.canvas;
    for (let row = 0; row < rows; row++) {
      // The picture's row 0 is the map's last.
      colours(levels, (rows - 1 - row) * frames, frames, line);
      stretch(line, frames, scale, lines.source, row * frames * scale * 3);
    }
    const cut = clipBlank ? blankRows(levels, rows, frames) * scale : 0;
    return lines.blend(this.verticalTaps(cut), out);
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

function colours(levels: Uint8Array, start: number, frames: number, line: Float32Array): void {
  for (let i = 0, to = 3; i < frames; i++, to += 3) {
    const colour = 3 * levels[start + i]!;
    line[to] = MAGMA[colour]!;
    line[to + 1] = MAGMA[colour + 1]!;
    line[to + 2] = MAGMA[colour + 2]!;
  }
  line.copyWithin(0, 3, 6);
  line.copyWithin(3 * frames + 3, 3 * frames, 3 * frames + 3);
}

/** One line, enlarged sideways: each pixel becomes `scale` pixels, left of its centre, on it and right of it. */
function stretch(line: Float32Array, frames: number, scale: number, out: Float32Array, offset: number): void {
  if (scale === 3) stretchThrice(line, frames, out, offset);
  else for (let phase = 0; phase < scale; phase++) stretchPhase(line, frames, scale, phase, out, offset);
}

function stretchPhase(
  line: Float32Array,
  frames: number,
  scale: number,
  phase: number,
  out: Float32Array,
  offset: number,
): void {
  const place = (phase + 0.5) / scale - 0.5;
  const share = Math.abs(place);
  const own = 1 - share;
  const other = place < 0 ? -3 : 3;
  for (let i = 3, to = offset + 3 * phase; i < 3 * frames + 3; i += 3, to += 3 * scale) {
    for (let channel = 0; channel < 3; channel++) {
      out[to + channel] = own * line[i + channel]! + share * line[i + channel + other]!;
    }
  }
}

/** The papers' scale in one pass, with each pixel read once: it takes a third of the time. */
function stretchThrice(line: Float32Array, frames: number, out: Float32Array, offset: number): void {
  const third = 1 / 3;
  let [leftRed, leftGreen, leftBlue] = [third * line[0]!, third * line[1]!, third * line[2]!];
  let [red, green, blue] = [third * line[3]!, third * line[4]!, third * line[5]!];
  for (let i = 6, to = offset; i < 3 * frames + 6; i += 3, to += 9) {
    const nextRed = third * line[i]!;
    const nextGreen = third * line[i + 1]!;
    const nextBlue = third * line[i + 2]!;
    out[to] = 2 * red + leftRed;
    out[to + 1] = 2 * green + leftGreen;
    out[to + 2] = 2 * blue + leftBlue;
    out[to + 3] = 3 * red;
    out[to + 4] = 3 * green;
    out[to + 5] = 3 * blue;
    out[to + 6] = 2 * red + nextRed;
    out[to + 7] = 2 * green + nextGreen;
    out[to + 8] = 2 * blue + nextBlue;
    leftRed = red;
    leftGreen = green;
    leftBlue = blue;
    red = nextRed;
    green = nextGreen;
    blue = nextBlue;
  }
}
