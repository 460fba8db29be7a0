import { type TensorFlow, tf } from "../../tensorflow.js";
import { isFrozen } from "../frozen.js";
import { type CallOptions, expectAxes, expectWhole, type Input, single } from "./call.js";
import { gaborEnergies } from "./gaborFilters.js";
import { gaussianPool } from "./gaussianPool.js";
import { logTbn } from "./logTbn.js";

type Tensor = TensorFlow.Tensor;
type Tensor1D = TensorFlow.Tensor1D;
type Tensor3D = TensorFlow.Tensor3D;

export interface EfficientLeafConfig {
  /** Unless said 16,000. */
  sampleRateHz?: number;
  /** Unless said 64. */
  bands?: number;
  /** Parts of the bands, neighbours together, with a convolution stride each; unless said 4. */
  groups?: number;
  /** Where the lowest mel-spaced triangle would begin; unless said 50. */
  minimumHz?: number;
  /** Where the highest would end; unless said 2,000. */
  maximumHz?: number;
  /** Of the low-pass window, cut to whole samples and made odd; unless said 0.025. */
  windowSeconds?: number;
  /** From one frame to the next, cut to whole samples; unless said 0.01. */
  hopSeconds?: number;
  name: string;
}

/** The low-pass window's width at the start, as a share of half the window. */
const FIRST_POOLING_WIDTH = 0.4;
/** The frequency response of a Gaussian of sigma = Z / w is w cycles per sample wide at half its height: w is held between 1 / window and 1 / 2. */
const Z = Math.sqrt(2 * Math.log(2)) / Math.PI;

const axes = ["batch", "samples", "1"];

/**
 * The filters and low-pass windows of EfficientLEAF (Schlueter and Gutenbrunner 2022, "EfficientLEAF: A Faster LEarnable Audio
 * Frontend of Questionable Use"; papers.md 2.3), each band with a learned centre, sigma and pooling width.
 *
 * Input `[batch, samples, 1]`, output `[batch, frames, bands]`: energies (`gaborEnergies`, `gaussianPool`), band 0 the lowest, frame i around
 * sample i * hop, samples / hop frames, rounded up. Filters start with the peaks and widths of mel triangles.
 *
 * Parameters are held in their ranges as the original does: put back before each training step, with a gradient as if nothing held them.
 * Convolution strides stay those of the centres at the start, where the original follows the centres.
 *
 * @throws RangeError, with the layer's name, for options that cannot be meant and inputs that do not fit
 */
export class GaborFilterbank extends tf.layers.Layer {
  static readonly className = "AuscultGaborFilterbank";
  private readonly config: Required<Omit<EfficientLeafConfig, "name">>;
  private readonly windowSamples: number;
  private readonly hopSamples: number;
  private centres: TensorFlow.LayerVariable | undefined;
  private sigmas: TensorFlow.LayerVariable | undefined;
  private poolingWidths: TensorFlow.LayerVariable | undefined;

  constructor(config: EfficientLeafConfig) {
    super(config as never);
    const { sampleRateHz = 16_000, bands = 64, groups = 4, minimumHz = 50, maximumHz = 2000 } = config;
    const { windowSeconds = 0.025, hopSeconds = 0.01 } = config;
    this.config = { sampleRateHz, bands, groups, minimumHz, maximumHz, windowSeconds, hopSeconds };
    expectWhole(this.name, "bands", bands, 1);
    expectWhole(this.name, "groups", groups, 1);
    if (groups > bands) throw new RangeError(`${this.name}: ${bands} bands cannot be divided into ${groups} groups`);
    if (!(minimumHz >= 0 && minimumHz < maximumHz && maximumHz <= sampleRateHz / 2)) {
      throw new RangeError(
        `${this.name}: ${minimumHz} to ${maximumHz} Hz is not a range within 0 to ${sampleRateHz / 2} Hz`,
      );
    }
    const window = wholeSamples(windowSeconds, sampleRateHz);
    this.windowSamples = window + 1 - (window % 2);
    this.hopSamples = wholeSamples(hopSeconds, sampleRateHz);
    if (!(this.windowSamples >= 3 && this.hopSamples >= 1)) {
      throw new RangeError(
        `${this.name}: a window of ${windowSeconds} s and a hop of ${hopSeconds} s are too short at ${sampleRateHz} Hz`,
      );
    }
  }

  override build(inputShape: TensorFlow.Shape): void {
    this.framesOf(inputShape);
    const { centres, sigmas } = melPeaks(this.config);
    const [lowest, highest] = this.sigmaRange();
    const start = (name: string, values: readonly number[]) =>
      this.addWeight(name, [values.length], "float32", startAt(values));
    this.centres = start("centres", centres);
    this.sigmas = start(
      "sigmas",
      sigmas.map((sigma) => Math.min(Math.max(sigma, lowest), highest)),
    );
    this.poolingWidths = start(
      "poolingWidths",
      centres.map(() => FIRST_POOLING_WIDTH),
    );
    this.built = true;
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    return [inputShape[0]!, this.framesOf(inputShape), this.config.bands];
  }

  override call(inputs: Input, { training }: CallOptions): Tensor {
    return tf.tidy(() => {
      const x = single<Tensor3D>(inputs);
      this.framesOf(x.shape);
      const held = this.ranges().map(([weight, lowest, highest]) => {
        if (training && !isFrozen(this)) weight.write(tf.clipByValue(weight.read(), lowest, highest));
        return heldWithin(weight.read() as Tensor1D, lowest, highest);
      });
      const { windowSamples, hopSamples } = this;
      const [, highestSigma] = this.sigmaRange();
      const groups = gaborGroups(this.config, hopSamples).map(({ first, bands, sampleStride }) => {
        const [centres, sigmas, widths] = held.map((all) => tf.slice1d(all, first, bands)) as Tensor1D[];
        const energies = gaborEnergies(x, centres!, sigmas!, { sampleStride, highestSigma });
        return gaussianPool(energies, widths!, { sampleStride, windowSamples, hopSamples });
      });
      return tf.reshape(tf.concat(groups, 3), this.computeOutputShape(x.shape) as number[]);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }

  /** Weights with the lowest and the highest value that each may have. */
  private ranges(): [TensorFlow.LayerVariable, number, number][] {
    return [
      [this.centres!, 0, Math.PI],
      [this.sigmas!, ...this.sigmaRange()],
      [this.poolingWidths!, 2 / this.windowSamples, 0.5],
    ];
  }

  /** In samples. */
  private sigmaRange(): [number, number] {
    return [2 * Z, this.windowSamples * Z];
  }

  private framesOf(shape: readonly (number | null)[]): number {
    expectAxes(this.name, shape, axes);
    const [, samples, channels] = shape;
    if (channels !== 1) throw new RangeError(`${this.name}: input [${shape}] has ${channels} channels, 1 is taken`);
    if (!samples) throw new RangeError(`${this.name}: the number of samples must be fixed, got [${shape}]`);
    return Math.ceil(samples / this.hopSamples);
  }
}
tf.serialization.registerClass(GaborFilterbank);

/**
 * EfficientLEAF, a learned front end (papers.md 2.3 and decision 36): `GaborFilterbank`, named `<name>.filters`, and `logTbn`, its layers
 * named `<name>.log` and `<name>.norm`. Of 64 bands 512 parameters: 192 of filters, 64 of compression, 256 of normalisation.
 *
 * Unless options say otherwise, 8 s at 16 kHz (128,000 samples) give maps of 64 x 800; `hopSeconds: 0.032` gives 64 x 250.
 *
 * @param waveform `[batch, samples, 1]`, of a fixed number of samples
 * @returns `[batch, bands, frames, 2]`: band 0 the lowest; channel 0 logarithms of energies, channel 1 the same above their median over time
 * @throws RangeError, with a layer's name, for options that cannot be meant and inputs that do not fit
 */
export function efficientLeaf(
  waveform: TensorFlow.SymbolicTensor,
  config: EfficientLeafConfig,
): TensorFlow.SymbolicTensor {
  const { name } = config;
  const filterbank = new GaborFilterbank({ ...config, name: `${name}.filters` });
  return logTbn(filterbank.apply(waveform) as TensorFlow.SymbolicTensor, name);
}

/** Rounded down, but for what the product itself rounds. */
function wholeSamples(seconds: number, sampleRateHz: number): number {
  return Math.trunc(seconds * sampleRateHz + 1e-6);
}

/**
 * Centres in radians per sample, and sigmas in samples: of a triangle from one peak to the next but one, in Hz, sigma is half the rate by
 * its width. Peaks are evenly spaced on the mel scale 1127 ln(1 + f / 700).
 */
function melPeaks({ bands, minimumHz, maximumHz, sampleRateHz }: Required<Omit<EfficientLeafConfig, "name">>): {
  centres: number[];
  sigmas: number[];
} {
  const [low, high] = [minimumHz, maximumHz].map((hz) => 1127 * Math.log1p(hz / 700)) as [number, number];
  const peakHz = (i: number) => 700 * Math.expm1((low + ((high - low) * i) / (bands + 1)) / 1127);
  const each = Array.from({ length: bands }, (_, band) => band + 1);
  return {
    centres: each.map((i) => (peakHz(i) * 2 * Math.PI) / sampleRateHz),
    sigmas: each.map((i) => sampleRateHz / 2 / (peakHz(i + 1) - peakHz(i - 1))),
  };
}

/** Bands that share a convolution, with the largest stride that divides the hop and is at most pi by their highest centre. */
function gaborGroups(
  config: Required<Omit<EfficientLeafConfig, "name">>,
  hopSamples: number,
): { first: number; bands: number; sampleStride: number }[] {
  const { bands, groups } = config;
  const { centres } = melPeaks(config);
  return Array.from({ length: groups }, (_, group) => {
    const [first, end] = [group, group + 1].map((g) => Math.floor((g * bands) / groups)) as [number, number];
    const most = Math.max(1, Math.PI / Math.max(...centres.slice(first, end)));
    let sampleStride = Math.min(Math.floor(most), hopSamples);
    while (hopSamples % sampleStride !== 0) sampleStride--;
    return { first, bands: end - first, sampleStride };
  });
}

/** Values put back into their range, with the gradient of values that were in it. */
function heldWithin(x: Tensor1D, lowest: number, highest: number): Tensor1D {
  const operation = tf.customGrad((...args: unknown[]) => ({
    value: tf.clipByValue(args[0] as Tensor1D, lowest, highest) as Tensor,
    gradFunc: (dy: Tensor): Tensor => tf.clone(dy),
  }));
  return operation(x) as Tensor1D;
}

type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** First values that are computed, not drawn: `initialiseWeights` leaves them as they are. */
function startAt(values: readonly number[]): Initializer {
  return { apply: () => tf.tensor1d([...values]) } as unknown as Initializer;
}
