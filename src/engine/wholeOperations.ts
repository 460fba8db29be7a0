import type { TensorFlow } from "../tensorflow.js";
import { activeRecording } from "./activeRecording.js";
import type { WholeOperation } from "./recording.js";

type Tensor = TensorFlow.Tensor;

/**
 * Says that `output` is what `kind` gives of `inputs`, to whoever traces a forward pass in order to hand it on. Else it does nothing.
 */
export function noteWholeOperation(
  kind: string,
  inputs: () => Readonly<Record<string, Tensor>>,
  output: Tensor,
  settings: WholeOperation["settings"],
): void {
  const recording = activeRecording();
  if (!recording?.wholeOperations) return;
  const endpoints = Object.entries(inputs()).map(([name, tensor]) => [name, recording.endpointOf(tensor)] as const);
  const operation = { kind, inputs: Object.fromEntries(endpoints), output: recording.endpointOf(output), settings };
  recording.wholeOperations.push(operation);
}
