import type { Recorder } from "../../training/recorder.js";

/**
 * A recorder for runs whose protocol keeps test sets closed until the end: it takes no metric of a test set, so that nobody can
 * choose by one while the run goes on. @throws RangeError for such a metric, by name
 */
export function closedRecorder(recorder: Recorder): Recorder {
  return {
    metrics(values, step) {
      const seen = Object.keys(values).find((key) => /^test\b/.test(key));
      if (seen)
        throw new RangeError(`metric "${seen}": under the protocol "honest" no test set is looked at before the end`);
      recorder.metrics(values, step);
    },
    parameters: (values) => recorder.parameters(values),
    tags: (values) => recorder.tags(values),
    dataset: (input) => recorder.dataset(input),
    artifact: (file, folder) => recorder.artifact(file, folder),
    description: (markdown) => recorder.description(markdown),
    end: (status, error) => recorder.end(status, error),
  };
}
