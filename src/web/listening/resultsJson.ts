import { type ModelIdentity, NO_DEVICE, type RecordingResults } from "./results.js";

/** Results as JSON: what the model is, then each recording with its stretches; probabilities by the output's name. */
export function resultsJson(model: ModelIdentity, recordings: readonly RecordingResults[], madeAt: Date): string {
  const document = {
    format: 1,
    notice: NO_DEVICE,
    madeAt: madeAt.toISOString(),
    model,
    recordings: recordings.map(({ results, ...recording }) => ({
      ...recording,
      results: results.map(({ probabilities, ...one }) => ({
        ...one,
        probabilities: Object.fromEntries(model.outputs.map((name, i) => [name, probabilities[i]])),
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
