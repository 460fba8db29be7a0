import { type TensorFlow, tf } from "../tensorflow.js";
import { activeRecording } from "./activeRecording.js";
import { chooseBf16Operations } from "./bf16Operations.js";
import { configProto } from "./configProto.js";
import { canCapture, nativeBackend, tfjsEngine } from "./nativeBackend.js";
import { flattenOutputs, type StepOutputs } from "./outputs.js";
import { useSameKernelsInBothModes } from "./sameKernels.js";
import { updateState } from "./stateCell.js";
import { asynchronous, refusePromise, type Step, type TracedFunction, traceStep } from "./trace.js";

type Tensor = TensorFlow.Tensor;

export interface CompileOptions {
  /** Names the step in messages: "train step". */
  name?: string;
  /** Convolutions and matrix products in bfloat16, rounded to three digits: faster where the processor is made for it, slower elsewhere (`bf16Rate`). */
  bf16?: boolean;
  /**
   * One kernel where several follow each other, such as a convolution, `biasAdd` and `relu`: faster, and rounded differently in the last
   * bit. No effect where steps run eagerly.
   */
  fused?: boolean;
  /** "eager" runs the step as it stands, operation by operation; for comparison and for finding errors. */
  mode?: "captured" | "eager";
  /** How many shapes and types of inputs may be traced before the next is refused. */
  maximalSignatures?: number;
}

/** What a trace came to. */
export interface TraceReport {
  /** Types and shapes of the inputs: "float32[32,64,187,1] float32[32,4]". */
  signature: string;
  /** Of the graph. */
  nodes: number;
  /** Both traces and the making of the function. */
  milliseconds: number;
  /** Variables that the step updates, and those that it reads only. */
  variables: { written: number; read: number };
}

export interface CompiledStep<Inputs extends Tensor[], Outputs extends StepOutputs> {
  (...inputs: Inputs): Outputs;
  /** Whether calls run as one TensorFlow function; false where they run eagerly. */
  readonly captured: boolean;
  readonly traces: readonly TraceReport[];
  /** Traces for inputs of these shapes and types without running; undefined where steps run eagerly. */
  trace(...inputs: Inputs): TraceReport | undefined;
  /** Frees the functions; the variables stay. Calls throw from then on. */
  dispose(): void;
}

let functionsMade = 0;
useSameKernelsInBothModes();

/**
 * Makes one TensorFlow function of a step: `step` is traced without executing anything, once for each signature of inputs, and from then
 * on a call runs the function. Variables that the step reads or assigns stay ordinary `tf.Variable`s; those that it assigns
 * are updated where they lie. What JavaScript does in the step (numbers, counters, conditions) happens while tracing only.
 *
 * Bit for bit the same as running `step` eagerly, but for bf16 and fused. Where the addon cannot capture, the step does run eagerly.
 *
 * Throws an Error when the step does what a graph cannot: reads values, draws random numbers, makes variables, depends on changing
 * numbers of JavaScript, holds large constants, keeps tensors, waits. After an error all is as it was before the call, so also when an
 * operation fails while the function runs: updates start when everything else is computed.
 */
export function compile<Inputs extends Tensor[], Outputs extends StepOutputs>(
  step: (...inputs: Inputs) => Outputs,
  options: CompileOptions = {},
): CompiledStep<Inputs, Outputs> {
  const { bf16 = false, fused = false, mode = "captured", maximalSignatures = 8 } = options;
  const name = options.name ?? (step.name === "" ? "the step" : step.name);
  if (step.constructor.name === "AsyncFunction") throw asynchronous(name);
  const captured = mode === "captured" && canCapture();
  if (bf16 && !captured) {
    const why = mode === "eager" ? "mode is eager" : "the engine was built without graph capture: run `npm run setup`";
    throw new Error(`${name}: bf16 is a property of compiled functions, and ${why}`);
  }
  if (bf16) chooseBf16Operations();
  const config = configProto({ bf16, fused });
  const functions = new Map<string, TracedFunction>();
  let disposed = false;

  const prepare = (inputs: Inputs): string => {
    if (disposed) throw new Error(`${name} was disposed`);
    if (tfjsEngine().state.gradientDepth > 0) {
      throw new Error(`${name} is compiled and has no gradient outside: take the gradient within the step`);
    }
    return inputs.map((input, i) => describeInput(input, i, name)).join(" ");
  };

  const functionFor = (signature: string, inputs: Inputs): TracedFunction => {
    const known = functions.get(signature);
    if (known) return known;
    if (functions.size >= maximalSignatures) {
      throw new Error(
        `${name}: ${signature} is a new signature of inputs, and ${functions.size} are traced already: ` +
          `${[...functions.keys()].join("; ")}. Each is traced and kept: use fewer shapes, or raise maximalSignatures.`,
      );
    }
    try {
      const traced = traceStep(step as unknown as Step, name, `auscult_${functionsMade++}`, inputs);
      functions.set(signature, traced);
      return traced;
    } catch (error) {
      const { message } = error as Error;
      const when = `traced for ${signature === "" ? "no inputs" : signature}`;
      throw new Error(message.startsWith(name) ? `${message} (${when})` : `${name}, ${when}: ${message}`, {
        cause: error,
      });
    }
  };

  const call = (...inputs: Inputs): Outputs => {
    if (activeRecording()) return step(...inputs);
    const signature = prepare(inputs);
    if (!captured) return runEagerly(step as unknown as Step, name, inputs) as Outputs;
    return run(functionFor(signature, inputs), name, inputs, config) as Outputs;
  };

  return Object.defineProperties(call, {
    captured: { value: captured },
    traces: { get: () => [...functions].map(([signature, traced]) => report(signature, traced)) },
    trace: {
      value: (...inputs: Inputs) => {
        const signature = prepare(inputs);
        return captured ? report(signature, functionFor(signature, inputs)) : undefined;
      },
    },
    dispose: {
      value: () => {
        disposed = true;
        for (const traced of functions.values()) nativeBackend().binding.functionRemove(traced.name);
        functions.clear();
      },
    },
  }) as CompiledStep<Inputs, Outputs>;
}

function describeInput(input: Tensor, position: number, name: string): string {
  if (!(input instanceof tf.Tensor)) {
    throw new Error(
      `${name}: input ${position} is ${typeof input === "object" ? "not a tensor" : `the ${typeof input} ${input}`}; inputs are tensors, ` +
        "numbers that change from call to call become scalars (tf.scalar)",
    );
  }
  if (input.isDisposed) throw new Error(`${name}: input ${position} was disposed`);
  return `${input.dtype}[${input.shape}]`;
}

function report(signature: string, { nodes, milliseconds, written, read }: TracedFunction): TraceReport {
  return { signature, nodes, milliseconds, variables: { written: written.length, read: read.length } };
}

function run(traced: TracedFunction, name: string, inputs: readonly Tensor[], config: Uint8Array): unknown {
  const backend = nativeBackend();
  for (const variable of [...traced.written, ...traced.read]) {
    if (variable.isDisposed) throw new Error(`${name} uses the variable ${variable.name}, which was disposed`);
  }
  const captured = traced.captured.map((dataId) => {
    if (backend.tensorMap.has(dataId)) return { dataId } as Tensor;
    throw new Error(
      `${name} uses a tensor that was made outside of it and is disposed now. Tensors that change are inputs; others must live as long ` +
        "as the step.",
    );
  });
  try {
    const results = updateState(traced.written, (handles) => {
      const ids = backend.getInputTensorIds([...inputs, ...captured, ...traced.read]);
      return backend.binding.functionRun(traced.name, [...ids, ...handles], traced.outputs, config);
    });
    const tensors = results.map((info) => backend.createOutputTensor({ ...info, shape: info.shape! }));
    return traced.rebuild(tensors);
  } catch (error) {
    throw new Error(
      `${name} failed while it ran; its variables are as before the call. TensorFlow says: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** The step as it stands; its results are the caller's own, as they are from a function. */
function runEagerly(step: Step, name: string, inputs: readonly Tensor[]): unknown {
  return tf.tidy(() => {
    const result: unknown = step(...inputs);
    refusePromise(result, name);
    const { tensors, rebuild } = flattenOutputs(result, name);
    const own = tensors.map((tensor) =>
      tensor instanceof tf.Variable || inputs.includes(tensor) ? tensor.clone() : tensor,
    );
    return rebuild(own) as TensorFlow.TensorContainer;
  });
}
