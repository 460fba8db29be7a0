import type { TensorFlow } from "../tensorflow.js";
import { whileRecording } from "./activeRecording.js";
import { allowGatherWhileTracing } from "./gatherKernel.js";
import { GraphBuilder, type NodeSink } from "./graphBuilder.js";
import { type DataId, nativeBackend, tfjsEngine } from "./nativeBackend.js";
import { flattenOutputs, type StepOutputs } from "./outputs.js";
import { Recording, SYMBOLIC } from "./recording.js";
import { redirected } from "./redirect.js";
import { TraceComparison } from "./traceComparison.js";

/** A step as TensorFlow's function, for one signature of inputs. */
export interface TracedFunction {
  /** Under which TensorFlow knows it. */
  name: string;
  nodes: number;
  milliseconds: number;
  /** Fed after the inputs, in this order: tensors from outside, values of variables, handles of the variables that it updates. */
  captured: DataId[];
  read: TensorFlow.Variable[];
  written: TensorFlow.Variable[];
  outputs: number;
  rebuild(tensors: readonly TensorFlow.Tensor[]): unknown;
}

export type Step = (...inputs: TensorFlow.Tensor[]) => StepOutputs;

/**
 * Calls the step on stand-ins for its inputs, twice, and makes a TensorFlow function of what it did; nothing is executed. Throws, with
 * everything as before, when the step throws, does what cannot be traced, or does something else the second time.
 */
export function traceStep(
  step: Step,
  stepName: string,
  functionName: string,
  inputs: readonly TensorFlow.Tensor[],
): TracedFunction {
  const started = performance.now();
  allowGatherWhileTracing();
  const builder = new GraphBuilder();
  try {
    const first = traceOnce(step, stepName, inputs, builder);
    const comparison = new TraceComparison(builder.nodes, stepName);
    const second = traceOnce(step, stepName, inputs, comparison);
    comparison.end();
    if (first.outputs.join() !== second.outputs.join()) {
      throw new Error(
        `${stepName} is not the same from call to call: it returns other tensors when it is traced again`,
      );
    }
    const { read, written } = first;
    const endpoints = [
      first.inputs,
      [...first.captured.values()],
      [...read, ...written].map(({ endpoint }) => endpoint),
    ];
    const leftOut = read.map(({ operation }) => operation);
    builder.toFunction(functionName, endpoints.flat(), first.outputs, first.updates, leftOut);
    return {
      name: functionName,
      nodes: builder.nodes.length,
      milliseconds: performance.now() - started,
      captured: [...first.captured.keys()],
      read: read.map(({ variable }) => variable),
      written: written.map(({ variable }) => variable),
      outputs: first.outputs.length,
      rebuild: first.rebuild,
    };
  } finally {
    builder.end();
  }
}

function traceOnce(step: Step, stepName: string, inputs: readonly TensorFlow.Tensor[], sink: NodeSink) {
  const backend = nativeBackend();
  const dtypes = inputs.map((tensor) => backend.tensorMap.get(tensor.dataId).dtype);
  const trace = new Recording(sink, stepName);
  return whileRecording(trace, () =>
    redirected(trace, () => {
      const variables = Object.values(tfjsEngine().registeredVariables);
      const values = variables.map((variable) => variable.clone());
      try {
        for (const variable of variables) trace.variables.watch(variable);
        const endpoints = inputs.map(({ shape }, i) => trace.nodes.feed(dtypes[i]!, shape, `input ${i}`));
        const symbols = inputs.map(({ shape }, i) =>
          backend.createOutputTensor({ id: endpoints[i]! + SYMBOLIC, shape, dtype: dtypes[i]! }),
        );
        const result: unknown = step(...symbols);
        refusePromise(result, stepName);
        const { tensors, rebuild } = flattenOutputs(result, stepName);
        return { inputs: endpoints, captured: trace.captured, rebuild, ...trace.variables.finish(tensors) };
      } finally {
        variables.forEach((variable, i) => {
          variable.assign(values[i]!);
        });
      }
    }),
  );
}

/** Throws when a step returned a promise. */
export function refusePromise(result: unknown, stepName: string): void {
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") throw asynchronous(stepName);
}

export function asynchronous(stepName: string): Error {
  return new Error(
    `${stepName} is asynchronous. A compiled step computes with tensors only: wait for data outside of it`,
  );
}
