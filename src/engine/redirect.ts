import { type TensorFlow, tf } from "../tensorflow.js";
import { type Binding, type NativeBackend, nativeBackend, type TfjsEngine, tfjsEngine } from "./nativeBackend.js";
import { type Recording, SYMBOLIC } from "./recording.js";
import { opsAtWork, within } from "./scopes.js";
import { placeholderShape } from "./unknownShape.js";

/** Operations of tfjs that draw numbers in JavaScript. */
const randomOps = new Set([
  "rand",
  "randomGamma",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
  "dropout",
]);

/** Kernels that draw from a generator whose state no checkpoint holds. */
const statefulRandomKernel = /^(Random|TruncatedNormal|ParameterizedTruncatedNormal|Multinomial|Stateful)/;

const insteadOfRandom =
  "It would be drawn once, while tracing, and stay the same in every step. Draw outside and pass the tensor as an input, or use a " +
  "native operation without state (StatelessRandomUniform) whose seed is an input.";

/**
 * Runs `work` with tfjs turned towards a recording: operations become nodes, and what cannot be traced throws, naming the operation.
 * Everything is as before when it returns or throws. Tensors of the trace must not outlive it.
 */
export function redirected<T>(recording: Recording, work: () => T): T {
  const backend = nativeBackend();
  const engine = tfjsEngine();
  const { step } = recording;
  const bytesBefore = engine.state.numBytes;
  const restore: (() => void)[] = [];
  const replace = <Target extends object, Name extends keyof Target>(
    target: Target,
    name: Name,
    value: Target[Name],
  ) => {
    const own = Object.getOwnPropertyDescriptor(target, name);
    restore.unshift(() => {
      if (own) Object.defineProperty(target, name, own);
      else delete target[name];
    });
    target[name] = value;
  };

  const traced: TensorFlow.Tensor[] = [];
  let violation: Error | undefined;
  const refuse = (error: Error): never => {
    violation ??= error;
    throw error;
  };

  replace(backend, "binding", recordingBinding(backend.binding, recording));
  replaceReading(backend, recording, replace, refuse);
  replaceEngine(engine, step, replace, traced);
  const move = backend.move;
  replace(backend, "move", (dataId, values, shape, dtype, refCount) => {
    const drawn = opsAtWork().find((op) => randomOps.has(op));
    if (drawn)
      refuse(new Error(`${step} calls tf.${opsAtWork()[0]}, which draws numbers in JavaScript. ${insteadOfRandom}`));
    move.call(backend, dataId, values, shape, dtype, refCount);
    recording.noteMade(dataId);
  });
  replace(Math, "random", () => refuse(new Error(`${step} calls Math.random()${within()}. ${insteadOfRandom}`)));

  const undo = () => {
    for (const put of restore.splice(0)) put();
    // Tensors of unknown shape have no size; none of the trace's tensors is left to count.
    engine.state.numBytes = bytesBefore;
  };
  try {
    engine.startScope();
    let result: T;
    try {
      result = work();
    } finally {
      engine.endScope();
    }
    if (violation) throw violation;
    const escaped = traced.filter((tensor) => !tensor.isDisposed);
    if (escaped.length > 0) {
      const what = recording.nameOf(escaped[0]!.dataId) ?? "a tensor made from values of JavaScript";
      throw new Error(
        `${step} keeps ${what} beyond its end (tf.keep). A traced tensor has no value: return it from the step; make tensors that are ` +
          "made once before the step.",
      );
    }
    return result;
  } finally {
    for (const tensor of traced) {
      if (tensor.isDisposed) continue;
      tensor.kept = false;
      tensor.dispose();
    }
    undo();
  }
}

type Replace = <Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  value: Target[Name],
) => void;

function recordingBinding(binding: Binding, recording: Recording): Binding {
  const { step } = recording;
  const refused = (name: string) => () => {
    throw new Error(`${step} calls ${name}, which cannot be a part of a compiled step: do it outside`);
  };
  const methods: Partial<Binding> = {
    createTensor: (shape, dtype, values) => recording.nodes.constant(shape, dtype, values) + SYMBOLIC,
    deleteTensor: (id) => {
      if (id < SYMBOLIC) binding.deleteTensor(id);
    },
    executeOp: (op, attributes, inputs, outputs) => {
      if (statefulRandomKernel.test(op)) {
        throw new Error(`${step} runs ${op}${within()}, which draws from a generator with a state. ${insteadOfRandom}`);
      }
      return recording.execute(
        op,
        attributes,
        inputs.map((id) => id - SYMBOLIC),
        outputs,
      );
    },
    functionRun: refused("a compiled function"),
  };
  const others = { runSavedModel: refused("a saved model"), loadSavedModel: refused("a saved model") };
  // The addon's own methods are read-only properties: these are defined over them.
  return Object.create(binding, Object.getOwnPropertyDescriptors({ ...methods, ...others }));
}

/** Numbers of tensors become numbers of endpoints; values are refused. */
function replaceReading(
  backend: NativeBackend,
  recording: Recording,
  replace: Replace,
  refuse: (error: Error) => never,
): void {
  const { readSync } = backend;
  const noValue = (what: string) =>
    new Error(
      `${recording.step} reads ${what} in JavaScript (dataSync, data, arraySync, array, print${within() || ", or an operation that does"}). ` +
        "While a step is traced there are no values. Return the tensor and read it outside; choose with tf.where instead of if.",
    );
  replace(backend, "getInputTensorIds", (tensors) => tensors.map((tensor) => recording.endpointOf(tensor) + SYMBOLIC));
  replace(backend, "readSync", (dataId) => {
    const what = recording.nameOf(dataId);
    return what ? refuse(noValue(what)) : readSync.call(backend, dataId);
  });
  replace(backend, "read", (dataId) => {
    const what = recording.nameOf(dataId);
    if (!what) return Promise.resolve(readSync.call(backend, dataId));
    try {
      refuse(noValue(what));
    } catch {
      // The trace ends with this error; whoever waits for the value waits for ever.
    }
    return new Promise(() => {});
  });
}

function replaceEngine(engine: TfjsEngine, step: string, replace: Replace, traced: TensorFlow.Tensor[]): void {
  const { trackTensor, makeTensorFromTensorInfo } = engine;
  replace(engine, "makeVariable", () => {
    throw new Error(
      `${step} makes a variable${within()}. Make variables, and the slots of optimisers, before the first step.`,
    );
  });
  replace(engine, "disposeVariable", (variable) => {
    throw new Error(`${step} disposes of the variable ${variable.name}: do it outside of the step`);
  });
  replace(engine, "trackTensor", (tensor, owner) => {
    if (!(tensor instanceof tf.Variable)) traced.push(tensor);
    trackTensor.call(engine, tensor, owner);
  });
  replace(engine, "makeTensorFromTensorInfo", (info, owner) => {
    const placeholder = placeholderShape(info.shape);
    if (!placeholder) return makeTensorFromTensorInfo.call(engine, info, owner);
    const tensor = makeTensorFromTensorInfo.call(engine, { ...info, shape: placeholder }, owner);
    // Nothing is computed with the size unnoticed: the result is NaN.
    return Object.assign(tensor, { shape: info.shape, size: Number.NaN });
  });
}
