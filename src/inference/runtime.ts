import type { InferenceSession, Tensor as OnnxTensor, TensorConstructor } from "onnxruntime-web";

/** What computes a network. */
export interface Runtime {
  /** For people. */
  readonly name: string;
  /** @param model content of an ONNX file */
  open(model: Uint8Array): Promise<Network>;
}

export interface NetworkAnswer {
  /** The network's first output. */
  logits: Float32Array;
  /** The other one that was asked for, row-major, with its shape. */
  also?: { values: Float32Array; shape: readonly number[] };
}

export interface Network {
  /**
   * @param values `[batch, ...]`, row-major
   * @param shape of `values`
   * @param also the name of another output that is wanted
   */
  run(values: Float32Array, shape: readonly number[], also?: string): Promise<NetworkAnswer>;
  /** Names of what it gives; the first is what `run` always has. */
  readonly outputs: readonly string[];
  /** Gives its memory back. */
  close(): Promise<void>;
}

/** What of onnxruntime is used: `onnxruntime-node` and `onnxruntime-web` both have it. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

export interface OnnxRuntimeOptions {
  /** For people. */
  name: string;
  /** Threads of one answer. */
  threads: number;
  /** Such as "cpu" or "wasm". */
  provider: string;
}

/** A runtime over onnxruntime, on the processor. */
export function onnxRuntime({ InferenceSession, Tensor }: OnnxRuntime, options: OnnxRuntimeOptions): Runtime {
  const { name, threads, provider } = options;
  return {
    name,
    async open(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
        // Errors come as errors; what it remarks on besides is of no use here.
        logSeverityLevel: 3,
      });
      const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];
      // A copy: what comes from a browser's runtime may be a view of its memory.
      const copied = ({ data }: OnnxTensor) => Float32Array.from(data as Float32Array);
      return {
        outputs: session.outputNames,
        async run(values, shape, also) {
          const tensor = new Tensor("float32", values, [...shape]);
          const answers = await session.run({ [input]: tensor }, also === undefined ? [output] : [output, also]);
          const logits = copied(answers[output]!);
          if (also === undefined) return { logits };
          return { logits, also: { values: copied(answers[also]!), shape: answers[also]!.dims } };
        },
        close: () => session.release(),
      };
    },
  };
}
