import type { Example, Item } from "../datasets/roles.js";
import { writeEmbeddings, writeProjections } from "../explain/embeddingFiles.js";
import { layersOf } from "../explain/embeddingsOf.js";
import type { Points } from "../explain/points.js";
import { type ProjectionMethod, projections } from "../explain/projections.js";
import type { TensorFlow } from "../tensorflow.js";
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";

/** Figure 2's settings, and UMAP beside them (papers.md 6.14). */
const METHODS: readonly ProjectionMethod[] = [
  { method: "t-SNE", perplexity: 30, learningRate: 200 },
  { method: "t-SNE", perplexity: 50, learningRate: 500 },
  { method: "UMAP", neighbours: 15, minDistance: 0.1 },
];
const SEED = 42;
/** Share of the time that embedding takes; the rest is for the projections. */
const EMBEDDING_SHARE = 0.3;

export interface SelectEmbeddings {
  runFolder: string;
  model: TensorFlow.LayersModel;
  /** The layer whose output is the embedding. No weight before it is fine-tuned; in frozen mode "training" statistics there have moved. */
  layer: string;
  /** Layers whose outputs are answered, of the same pass. */
  beside?: readonly string[];
  examples: readonly Example<"select">[];
  labels: readonly string[];
  /** `[rows, frames, channels]` */
  inputShape: readonly [number, number, number];
  /** Writes an item's input into `out` at `offset`. */
  write(item: Item, out: Float32Array, offset: number): void;
  signal: AbortSignal;
  onProgress(progress: { fraction: number; secondsLeft: number; detail: string }): void;
  warn(message: string): void;
}

/**
 * Leaves in the run's folder what Figure 2 shows: the embeddings of the select items, and their projections. A set that cannot be
 * projected, such as one of three items, leaves its embeddings alone, and `warn` is told why.
 *
 * @returns what the layers of `beside` gave
 * @throws Interrupted where the signal says so
 */
export async function leaveEmbeddings(given: SelectEmbeddings): Promise<Points[]> {
  const { runFolder, model, layer, beside = [], examples, labels, inputShape, write, signal, onProgress, warn } = given;
  const started = performance.now();
  const tell = (fraction: number, detail: string) => {
    const seconds = (performance.now() - started) / 1000;
    onProgress({ fraction, secondsLeft: (seconds / fraction) * (1 - fraction), detail });
  };
  const [points, ...others] = await layersOf({
    ...{ model, layers: [layer, ...beside], inputShape, signal, count: examples.length },
    writeInput: (index, out, offset) => write(examples[index]!, out, offset),
    onProgress: (done, total) => tell((EMBEDDING_SHARE * done) / total, `${done} of ${total} select items`),
  });
  const ids = examples.map(({ id }) => id);
  const classes = examples.map(({ label }) => label);
  const embeddings = { ...points!, layer, labels, ids, classes };
  writeEmbeddings(runFolder, "select", embeddings);
  try {
    const watch = {
      signal,
      onProgress: (fraction: number) =>
        tell(EMBEDDING_SHARE + (1 - EMBEDDING_SHARE) * fraction, "t-SNE and UMAP of the select items"),
    };
    writeProjections(runFolder, "select", await projections(embeddings, METHODS, SEED, watch));
  } catch (error) {
    if (signal.aborted) throw new Interrupted("stopped while embeddings were projected");
    if (!(error instanceof UserError)) throw error;
    warn(`the select items' embeddings are kept without a picture: ${error.message}`);
  }
  return others;
}
