import { type TensorFlow, tf } from "../tensorflow.js";
import { isFrozen } from "./frozen.js";
import { BatchNorm } from "./layers/batchNorm.js";
import type { CallOptions } from "./layers/call.js";
import { Convolution } from "./layers/convolution.js";
import { biasAdd } from "./ops/biasAdd.js";

type Tensor = TensorFlow.Tensor;
type Layer = TensorFlow.layers.Layer;

/** One use of a layer in a model, as tfjs keeps it. */
interface LayerUse {
  outboundLayer: Layer;
  inputTensors: TensorFlow.SymbolicTensor[];
  outputTensors: TensorFlow.SymbolicTensor[];
}

/** A convolution that computes what the batch normalisation after it would. */
interface Fold {
  convolution: Convolution;
  norm: BatchNorm;
  kernel: TensorFlow.Variable;
  bias: TensorFlow.Variable;
}

/**
 * A model computed with batch normalisations folded into the convolutions before them: with a norm's statistics given, conv(x) * factor
 * + shift is a convolution with the kernel times the factor, and a bias (Jacob et al. 2018, section 3.2). Equal to the model's answers but
 * for rounding. Meant for functions compiled `fused`.
 */
export class FoldedModel {
  private readonly model: TensorFlow.LayersModel;
  /** In an order in which each layer's inputs stand before it. */
  private readonly uses: readonly LayerUse[];
  private readonly folds = new Map<Layer, Fold>();
  private readonly folded: ReadonlySet<Layer>;

  /** @param which "all": for evaluation; "frozen": norms of what is frozen and has nothing before it that learns, for training as well */
  constructor(model: TensorFlow.LayersModel, which: "all" | "frozen") {
    this.model = model;
    this.uses = usesOf(model);
    const learns = which === "frozen" ? tensorsThatLearn(this.uses) : undefined;
    for (const { outboundLayer: norm, inputTensors, outputTensors } of this.uses) {
      const convolution = inputTensors[0]?.sourceLayer;
      if (!(norm instanceof BatchNorm) || !(convolution instanceof Convolution)) continue;
      if (learns && (learns.has(outputTensors[0]!.id) || !isFrozen(norm) || !isFrozen(convolution))) continue;
      if (!this.isOnlyReader(norm, convolution, inputTensors[0]!)) continue;
      const { kernel } = convolution.parameters();
      const zeros = (shape: number[]) => tf.tidy(() => tf.variable(tf.zeros(shape), false));
      const filters = kernel.shape.at(-1)!;
      this.folds.set(convolution, { convolution, norm, kernel: zeros(kernel.shape), bias: zeros([filters]) });
    }
    this.folded = new Set([...this.folds.values()].map(({ norm }) => norm));
    this.refresh();
  }

  /** Of batch normalisations that are folded. */
  get size(): number {
    return this.folds.size;
  }

  /** Takes over the weights that the model has now. */
  refresh(): void {
    tf.tidy(() => {
      for (const { convolution, norm, kernel, bias } of this.folds.values()) {
        const own = convolution.parameters();
        const { factor, shift } = norm.evaluationLine();
        kernel.assign(tf.mul(own.kernel, factor));
        bias.assign(own.bias ? tf.add(tf.mul(own.bias, factor), shift) : shift);
      }
    });
  }

  /** What `model.apply(inputs, options)` gives, for a model with one input and one output. */
  apply(inputs: Tensor, options: CallOptions = {}): Tensor {
    if (this.size === 0) return this.model.apply(inputs, options as object) as Tensor;
    return tf.tidy(() => {
      const values = new Map<number, Tensor>([[this.model.inputs[0]!.id, inputs]]);
      for (const { outboundLayer: layer, inputTensors, outputTensors } of this.uses) {
        if (values.has(outputTensors[0]!.id)) continue; // the input layer
        const given = inputTensors.map(({ id }) => values.get(id)!);
        const answer = this.applyLayer(layer, given, options);
        for (const [i, tensor] of [answer].flat().entries()) values.set(outputTensors[i]!.id, tensor);
      }
      return values.get(this.model.outputs[0]!.id)!;
    });
  }

  /** The model stays as it is. */
  dispose(): void {
    for (const { kernel, bias } of this.folds.values()) tf.dispose([kernel, bias]);
  }

  private applyLayer(layer: Layer, given: Tensor[], options: CallOptions): Tensor | Tensor[] {
    if (this.folded.has(layer)) return given;
    const fold = this.folds.get(layer);
    if (!fold) return layer.apply(given.length === 1 ? given[0]! : given, options as object) as Tensor | Tensor[];
    return fold.convolution.convolve(given[0]!, fold.kernel, (y) =>
      biasAdd(y, fold.bias as unknown as TensorFlow.Tensor1D),
    );
  }

  /** Whether nothing else sees what the convolution gives, and both are used once. */
  private isOnlyReader(norm: Layer, convolution: Layer, between: TensorFlow.SymbolicTensor): boolean {
    const once = (layer: Layer) => this.uses.filter(({ outboundLayer }) => outboundLayer === layer).length === 1;
    const readers = this.uses.filter(({ inputTensors }) => inputTensors.some(({ id }) => id === between.id));
    return once(norm) && once(convolution) && readers.length === 1 && !this.model.outputs.includes(between);
  }
}

function usesOf(model: TensorFlow.LayersModel): LayerUse[] {
  // A sequential model has none.
  const { nodesByDepth = {} } = model as unknown as { nodesByDepth?: Record<string, LayerUse[]> };
  const depths = Object.keys(nodesByDepth).map(Number);
  return depths.sort((a, b) => b - a).flatMap((depth) => nodesByDepth[depth]!);
}

/** Symbolic tensors, by their numbers, that depend on a weight which training changes. */
function tensorsThatLearn(uses: readonly LayerUse[]): Set<number> {
  const learns = new Set<number>();
  for (const { outboundLayer, inputTensors, outputTensors } of uses) {
    if (outboundLayer.trainableWeights.length === 0 && !inputTensors.some(({ id }) => learns.has(id))) continue;
    for (const { id } of outputTensors) learns.add(id);
  }
  return learns;
}
