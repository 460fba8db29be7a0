/** Frames of a map cut into groups, from frame 0; a last part that is shorter is left out. */
export interface Grouping {
  frames: number;
  framesPerGroup: number;
  /** Frames from the start of one group to the next: as many as a group has where they do not overlap. */
  stride: number;
}

/** What the network takes in. */
export interface CycleguardianShape extends Grouping {
  rows: number;
  channels: number;
}

/** Geometry of 8 s, 20 frames a group, of which 5 belong to the next as well (papers.md 1.2, decision 6). */
export const PRINTED_SHAPES = {
  paper: { rows: 84, frames: 626, channels: 3, framesPerGroup: 20, stride: 15 },
  authors: { rows: 84, frames: 688, channels: 3, framesPerGroup: 20, stride: 15 },
} as const satisfies Record<string, CycleguardianShape>;

const SMALLEST_WIDTH = 2;

/**
 * Groups in a map: floor((frames - framesPerGroup) / stride) + 1 (papers.md 1.2); 41 for 626 frames, 20 a group, stride 15.
 *
 * @throws RangeError where not one group fits, for a group below 2 frames and for numbers that are not whole
 */
export function groupCount({ frames, framesPerGroup, stride }: Grouping): number {
  for (const [name, value] of Object.entries({ frames, framesPerGroup, stride })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
    }
  }
  if (framesPerGroup < SMALLEST_WIDTH) {
    throw new RangeError(`framesPerGroup must be at least ${SMALLEST_WIDTH}, got ${framesPerGroup}`);
  }
  if (frames < framesPerGroup) {
    const fit =
      frames < SMALLEST_WIDTH ? `no group does: the smallest has ${SMALLEST_WIDTH}` : `at most ${frames} would`;
    throw new RangeError(`groups of ${framesPerGroup} frames do not fit into a map of ${frames} frames; ${fit}`);
  }
  return Math.floor((frames - framesPerGroup) / stride) + 1;
}

/** One convolution of the group encoder, and the size of what it gives. */
export interface EncoderUnit {
  kernelSize: number;
  /** `[rows, frames]`, as all pairs here. */
  strides: readonly [number, number];
  padding: readonly [number, number];
  paddingMode: "zeros" | "circular";
  inputChannels: number;
  filters: number;
  rows: number;
  frames: number;
}

/** Filters, kernel, stride and circular padding of the five units (papers.md 1.3). */
const UNITS = [
  { filters: 16, kernelSize: 1, stride: 1, circular: 0 },
  { filters: 32, kernelSize: 3, stride: 2, circular: 0 },
  { filters: 64, kernelSize: 1, stride: 1, circular: 0 },
  { filters: 128, kernelSize: 3, stride: 2, circular: 0 },
  { filters: 256, kernelSize: 3, stride: 2, circular: 1 },
] as const;

/** The narrowest group, and the fewest rows, that three strided convolutions leave something of. */
const SMALLEST_STRIDED = 7;

/**
 * The five convolutions of the group encoder for groups of a size. A group below 7 frames keeps its width: time stride 1 and time padding
 * 1 in the three strided ones (papers.md 1.7, decision 21).
 *
 * @throws RangeError for fewer than 7 rows, and below 2 frames
 */
export function encoderUnits({
  rows,
  channels,
  framesPerGroup,
}: Pick<CycleguardianShape, "rows" | "channels" | "framesPerGroup">): EncoderUnit[] {
  if (rows < SMALLEST_STRIDED) throw new RangeError(`a map must have at least ${SMALLEST_STRIDED} rows, got ${rows}`);
  if (framesPerGroup < SMALLEST_WIDTH) {
    throw new RangeError(`framesPerGroup must be at least ${SMALLEST_WIDTH}, got ${framesPerGroup}`);
  }
  const narrow = framesPerGroup < SMALLEST_STRIDED;
  let size = { inputChannels: channels, rows, frames: framesPerGroup };
  return UNITS.map(({ filters, kernelSize, stride, circular }) => {
    const keepsWidth = narrow && stride > 1;
    const strides = [stride, keepsWidth ? 1 : stride] as const;
    const padding = [circular, keepsWidth ? 1 : circular] as const;
    const length = (before: number, axis: 0 | 1) =>
      Math.floor((before + 2 * padding[axis] - kernelSize) / strides[axis]) + 1;
    const { inputChannels } = size;
    size = { inputChannels: filters, rows: length(size.rows, 0), frames: length(size.frames, 1) };
    const paddingMode = circular > 0 ? "circular" : "zeros";
    const after = { rows: size.rows, frames: size.frames };
    return { kernelSize, strides, padding, paddingMode, inputChannels, filters, ...after };
  });
}

/** Lengths of the vectors: after the first linear layer, of a group, of its embedding and all that follows. */
export const WIDTHS = { hidden: 1024, group: 768, embedding: 128 } as const;

/** Values that the last convolution gives for a group: 5,120 at 84 rows and 20 frames. */
export function flattened(units: readonly EncoderUnit[]): number {
  const { rows, frames, filters } = units.at(-1)!;
  return rows * frames * filters;
}

/** Products that the group encoder sums for one group: 20,362,496 at 84 rows and 20 frames. */
export function multiplyAddsPerGroup(shape: Pick<CycleguardianShape, "rows" | "channels" | "framesPerGroup">): number {
  const units = encoderUnits(shape);
  const convolutions = units.map(
    ({ kernelSize, inputChannels, filters, rows, frames }) => kernelSize ** 2 * inputChannels * filters * rows * frames,
  );
  return sum(convolutions) + flattened(units) * WIDTHS.hidden + WIDTHS.hidden * WIDTHS.group;
}

/** Learnable numbers by part, in the words of `cycleguardian/params` (papers.md 1.3); the projector is not in the total. */
export interface ParameterCounts {
  total: number;
  breakdown: {
    gfeConv: number;
    gfeLinear: number;
    stateProjection: number;
    autoencoder: number;
    centres: number;
    similarityMatrix: number;
    groupFusion: number;
    clusterFusion: number;
    head: number;
  };
  projectorNotCounted: number;
}

/** @throws RangeError as `groupCount` and `encoderUnits` do */
export function parameterCounts(
  shape: CycleguardianShape,
  { clusters, classes }: { clusters: number; classes: number },
): ParameterCounts {
  const { hidden, group, embedding } = WIDTHS;
  const linear = (inputs: number, units: number) => inputs * units + units;
  const norm = (features: number) => 2 * features;
  const units = encoderUnits(shape);
  const breakdown = {
    gfeConv: sum(
      units.map(
        ({ kernelSize, inputChannels, filters }) => linear(kernelSize ** 2 * inputChannels, filters) + norm(filters),
      ),
    ),
    gfeLinear: linear(flattened(units), hidden) + norm(hidden),
    stateProjection: linear(hidden, group),
    autoencoder: linear(group, embedding) + linear(embedding, group),
    centres: clusters * embedding,
    similarityMatrix: embedding ** 2,
    groupFusion: linear(groupCount(shape), 1) + norm(group) + linear(group, embedding) + norm(embedding),
    clusterFusion: linear(clusters, 1) + norm(embedding),
    head: linear(embedding, classes),
  };
  const projectorNotCounted = 2 * linear(embedding, embedding) + norm(embedding);
  return { total: sum(Object.values(breakdown)), breakdown, projectorNotCounted };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
