import type { InferenceSession, TensorConstructor } from "onnxruntime-web";

/** What computes a network. */
export interface Runtime {
  /** For people. */
  readonly name: string;
  /** @param model content of an ONNX file */
  open(model: Uint8Array): Promise<Network>;
}

export interface Network {
  /**
   * @param values `[batch, ...]`, row-major
   * @param shape of `values`
   * @returns the network's first output
   */
  run(values: Float32Array, shape: readonly number[]): Promise<Float32Array>;
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
      return {
        async run(values, shape) {
          const tensor = new Tensor("float32", values, [...shape]);
          const { [output]: answer } = await session.run({ [input]: tensor }, [output]);
          // A copy: what comes from a browser's runtime may be a view of its memory.
          return Float32Array.from(answer!.data as Float32Array);
        },
        close: () => session.release(),
      };
    },
  };
}
