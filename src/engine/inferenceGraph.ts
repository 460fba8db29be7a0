import { type TensorFlow, tf } from "../tensorflow.js";
import { whileRecording } from "./activeRecording.js";
import {
  dependsOnBatch,
  FreeBatchWriter,
  type GraphAttribute,
  type GraphOperation,
  INPUT,
  isAlike,
  type Kept,
  OUTPUT,
  type Trace,
} from "./freeBatchWriter.js";
import { allowGatherWhileTracing } from "./gatherKernel.js";
import { GraphBuilder, type NodeSink } from "./graphBuilder.js";
import { type DataId, nativeBackend } from "./nativeBackend.js";
import { Recording, SYMBOLIC, type WholeOperation } from "./recording.js";
import { redirected } from "./redirect.js";

type Tensor = TensorFlow.Tensor;

/** A forward pass as plain data: TensorFlow's operations, in an order in which each stands behind its inputs. */
export interface InferenceGraph {
  /** Of one item. */
  inputShape: readonly number[];
  nodes: readonly GraphOperation[];
  /** Copies of what the pass uses and did not make itself: weights, tables. By the name of the operation that stands for each. */
  weights: ReadonlyMap<string, GraphWeight>;
  /** Names of the operations that answer; each has one result. */
  outputs: readonly string[];
  /** Parts of it that other formats have one operation for, in order; tensors as `operation:output`. */
  whole: readonly WholePart[];
}

/** See `WholeOperation`. */
export interface WholePart extends Pick<WholeOperation, "kind" | "settings"> {
  inputs: Readonly<Record<string, string>>;
  output: string;
}

/** As safetensors names the types. */
export interface GraphWeight {
  dtype: "F32" | "I32";
  shape: number[];
  values: Float32Array | Int32Array;
}

/**
 * Batches that a pass is traced for. Nothing is executed, so they may be large, and such primes stand in no network by chance: what differs
 * between two traces came from the batch. Not larger, since a gradient's ones of a whole map are made in JavaScript before they become a fill.
 */
const BATCHES = [109, 223, 331] as const;

/** What a pass gives: the logits alone, or several tensors by the names of the operations that answer. */
type Answers = Tensor | Readonly<Record<string, Tensor>>;

/**
 * The forward pass `apply` as a graph whose batch axis is free. It is traced for three sizes of the batch without executing anything; whole
 * numbers that differ (shapes of reshapes, of constants, of slices) must be a + b * batch in all three, and are computed from the
 * input's shape in the graph.
 *
 * @param apply from `[batch, ...inputShape]`, float32; all that it gives is float32
 * @throws Error where the pass cannot be traced (`compile` says what cannot), and where it does something else for another batch
 */
export function inferenceGraph(apply: (input: Tensor) => Answers, inputShape: readonly number[]): InferenceGraph {
  allowGatherWhileTracing();
  const traces = BATCHES.map((batch) => traceFor(apply, [batch, ...inputShape]));
  return withFreeBatch(traces, inputShape);
}

function traceFor(apply: (input: Tensor) => Answers, shape: readonly number[]): Trace {
  const backend = nativeBackend();
  const builder = new GraphBuilder();
  const kept: Trace["kept"] = [];
  const sink: NodeSink = {
    nodes: builder.nodes,
    op(request) {
      const node = builder.op(request);
      kept.push({ what: { request }, node });
      return node;
    },
    constant(constant) {
      const node = builder.constant(constant);
      kept.push({ what: { constant }, node });
      return node;
    },
  };
  const recording = new Recording(sink, "the forward pass");
  recording.wholeOperations = [];
  try {
    const outputs = whileRecording(recording, () =>
      redirected(recording, () => {
        const dtype = backend.binding.TF_FLOAT;
        const endpoint = recording.nodes.feed(dtype, [...shape], INPUT);
        const symbol = backend.createOutputTensor({ id: endpoint + SYMBOLIC, shape: [...shape], dtype });
        const answers = apply(symbol);
        const named = answers instanceof tf.Tensor ? { [OUTPUT]: answers } : answers;
        return Object.entries(named).map(([name, tensor]) => [name, recording.endpointOf(tensor)] as const);
      }),
    );
    return {
      batch: shape[0]!,
      kept,
      captured: recording.captured,
      outputs: new Map(outputs),
      whole: recording.wholeOperations,
    };
  } finally {
    builder.end();
  }
}

function withFreeBatch(traces: readonly Trace[], inputShape: readonly number[]): InferenceGraph {
  const [first, ...others] = traces as [Trace, ...Trace[]];
  const capturedTensors = new Map([...first.captured].map(([dataId, endpoint]) => [endpoint, dataId]));
  const writer = new FreeBatchWriter();
  const weights = new Map<string, GraphWeight>();
  for (const [index, { what, node }] of first.kept.entries()) {
    const same = others.map((trace) => trace.kept[index]);
    const name = nameFor(what, index);
    if (same.some((other) => !other || !isAlike(what, other.what))) throw dependsOnBatch(what);
    const endpoint = node.outputs[0]?.id;
    const dataId = endpoint === undefined ? undefined : capturedTensors.get(endpoint);
    if (dataId) {
      const record = nativeBackend().tensorMap.get(dataId);
      weights.set(name, valuesOf(dataId));
      const type: GraphAttribute = { name: "dtype", kind: "type", value: record.dtype };
      writer.add({ name, op: "Placeholder", inputs: [], attributes: [type] }, node);
    } else if (what.constant) {
      const all = [what, ...same.map((other) => other!.what)].map(({ constant }) => constant!);
      writer.constant(name, node, all, traces);
    } else if (what.request.note === INPUT) {
      const { TF_FLOAT } = nativeBackend().binding;
      const attributes: GraphAttribute[] = [
        { name: "dtype", kind: "type", value: TF_FLOAT },
        { name: "shape", kind: "shape", value: [-1, ...inputShape] },
      ];
      writer.add({ name: INPUT, op: "Placeholder", inputs: [], attributes }, node);
    } else {
      const nodes = [node, ...same.map((other) => other!.node)];
      writer.operation(name, what.request, nodes, traces);
    }
  }
  if (others.some(({ kept }) => kept.length !== first.kept.length)) throw dependsOnBatch();
  for (const [name, endpoint] of first.outputs) writer.answer(name, endpoint);
  const whole = first.whole.map(({ kind, settings, inputs, output }) => {
    const named = Object.entries(inputs).map(([name, endpoint]) => [name, writer.nameOf(endpoint)]);
    return { kind, settings, inputs: Object.fromEntries(named), output: writer.nameOf(output) };
  });
  return { inputShape, nodes: writer.nodes, weights, outputs: [...first.outputs.keys()], whole };
}

function nameFor({ request, constant }: Kept, index: number): string {
  const scope = (request ?? constant!).scope.replace(/[^A-Za-z0-9_]/g, "");
  return `${scope === "" ? "pass" : `${scope}`}_${index}/${request ? request.op.replace(/^_/, "") : "Const"}`;
}

function valuesOf(dataId: DataId): GraphWeight {
  const { tensorMap, binding } = nativeBackend();
  const { shape, dtype } = tensorMap.get(dataId);
  if (dtype !== binding.TF_FLOAT && dtype !== binding.TF_INT32)
    throw new Error("the forward pass uses a tensor that holds neither float32 nor int32");
  const values = nativeBackend().readSync(dataId) as GraphWeight["values"];
  return { dtype: dtype === binding.TF_FLOAT ? "F32" : "I32", shape: shape.slice(), values };
}
