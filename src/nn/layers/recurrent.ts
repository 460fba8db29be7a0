import { noteWholeOperation } from "../../engine/wholeOperations.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { expectFeatures, expectWhole, type Input, single } from "./call.js";

export interface RecurrentConfig {
  /** Of each direction. */
  units: number;
  /** A second set of weights reads from the last step to the first; unless said, there is none. */
  bidirectional?: boolean;
  /** What is given: every step, or the one that each direction ends with. Unless said `all`. */
  steps?: "all" | "last";
  name: string;
}

const axes = ["batch", "time", "features"];

/** How the weights of a direction end, in the order of their outputs. */
const DIRECTIONS = ["", "Reverse"] as const;

interface Weights {
  inputWeight: TensorFlow.LayerVariable;
  recurrentWeight: TensorFlow.LayerVariable;
  inputBias: TensorFlow.LayerVariable;
  recurrentBias: TensorFlow.LayerVariable;
}

/**
 * What Lstm and Gru share: PyTorch's parameters, all starting uniform within 1 / sqrt(units), and its directions. All steps' inputs are
 * projected by one matrix product, and both directions take their steps together.
 *
 * Input `[batch, time, features]`; output `[batch, time, directions * units]`, or `[batch, directions * units]` of the last steps: that of
 * the reverse direction is at the first frame. The forward direction's units come first, as in PyTorch.
 */
export abstract class Recurrent extends tf.layers.Layer implements SelfInitialising {
  /** Blocks of `units` columns in each weight. */
  protected abstract readonly gates: number;
  /** ONNX's name for it. */
  protected abstract readonly kind: "GRU" | "LSTM";
  private readonly units: number;
  private readonly bidirectional: boolean;
  private readonly steps: "all" | "last";
  private directions: Weights[] = [];

  constructor(config: RecurrentConfig) {
    super(config as never);
    this.units = config.units;
    this.bidirectional = config.bidirectional ?? false;
    this.steps = config.steps ?? "all";
    expectWhole(this.name, "units", this.units, 1);
    if (this.steps !== "all" && this.steps !== "last") {
      throw new RangeError(`${this.name}: steps must be "all" or "last", got ${JSON.stringify(this.steps)}`);
    }
  }

  /**
   * The recurrence, from zeros.
   *
   * @param projected `[directions, time, batch, gates * units]`: products of inputs and their weight, with their bias
   * @param weight `[directions, units, gates * units]`
   * @param bias `[directions, 1, gates * units]`
   * @returns `[directions, time, batch, units]`
   */
  protected abstract recur(
    projected: TensorFlow.Tensor4D,
    weight: TensorFlow.Tensor3D,
    bias: TensorFlow.Tensor3D,
  ): TensorFlow.Tensor4D;

  override build(inputShape: TensorFlow.Shape): void {
    this.computeOutputShape(inputShape);
    const columns = this.gates * this.units;
    this.directions = DIRECTIONS.slice(0, this.bidirectional ? 2 : 1).map((end) => {
      const make = (part: keyof Weights, shape: number[]) =>
        this.addWeight(`${part}${end}`, shape, "float32", tf.initializers.zeros());
      return {
        inputWeight: make("inputWeight", [inputShape[2]!, columns]),
        recurrentWeight: make("recurrentWeight", [this.units, columns]),
        inputBias: make("inputBias", [columns]),
        recurrentBias: make("recurrentBias", [columns]),
      };
    });
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    const scheme = { uniformWithin: 1 / Math.sqrt(this.units) };
    return this.directions.flatMap((weights) => Object.values(weights).map((weight) => ({ weight, scheme })));
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    const features = this.directions[0]?.inputWeight.shape[0] ?? inputShape.at(-1)!;
    expectFeatures(this.name, inputShape, axes, features);
    const [batch, time] = inputShape;
    // The steps are laid out one by one in a captured graph.
    if (!time) throw new RangeError(`${this.name}: the number of time steps must be fixed, got [${inputShape}]`);
    const units = this.units * (this.bidirectional ? 2 : 1);
    return this.steps === "all" ? [batch!, time, units] : [batch!, units];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single<TensorFlow.Tensor3D>(inputs);
      const y = this.computed(x);
      const { units, bidirectional, steps } = this;
      noteWholeOperation(this.kind, () => ({ x, ...this.namedWeights() }), y, { units, bidirectional, steps });
      return y;
    });
  }

  /** As weights of the layer are called. */
  private namedWeights(): Record<string, TensorFlow.Tensor> {
    const entries = this.directions.flatMap((weights, direction) =>
      Object.entries(weights).map(([part, weight]) => [`${part}${DIRECTIONS[direction]}`, weight.read()] as const),
    );
    return Object.fromEntries(entries);
  }

  private computed(x: TensorFlow.Tensor3D): TensorFlow.Tensor {
    const outputShape = this.computeOutputShape(x.shape) as number[];
    const [batch, time, features] = x.shape;
    const rows = tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, features]) as TensorFlow.Tensor2D; // [time * batch, features]
    const projected = this.directions.map(({ inputWeight, inputBias }, direction) => {
      const product = tf.matMul(rows, inputWeight.read() as TensorFlow.Tensor2D);
      return turned(tf.reshape(tf.add(product, inputBias.read()), [time, batch, -1]), direction);
    });
    const y = this.recur(
      tf.stack(projected) as TensorFlow.Tensor4D,
      tf.stack(this.directions.map(({ recurrentWeight }) => recurrentWeight.read())) as TensorFlow.Tensor3D,
      tf.stack(this.directions.map(({ recurrentBias }) => tf.expandDims(recurrentBias.read(), 0))) as never,
    );
    if (this.steps === "last") {
      const last = tf.slice(y, [0, time - 1, 0, 0], [-1, 1, -1, -1]); // [directions, 1, batch, units]
      return tf.reshape(tf.transpose(last, [2, 0, 1, 3]), outputShape);
    }
    // tfjs's gradient of `unstack` fails where there is one part.
    const parts = this.bidirectional ? tf.unstack(y) : [tf.squeeze(y, [0])];
    const both = tf.concat(parts.map(turned), -1); // [time, batch, directions * units]
    return tf.transpose(both, [1, 0, 2]);
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units, bidirectional: this.bidirectional, steps: this.steps };
  }
}

/** `[time, ...]` in the order in which the direction reads it, or back from there. */
function turned<T extends TensorFlow.Tensor>(x: T, direction: number): T {
  return direction === 0 ? x : tf.reverse(x, 0);
}
