import type { ProjectionMethod, Projections } from "../../explain/projections.js";
import { embeddingPanels } from "../../figures/embeddingPanels.js";
import type { Figure } from "../../figures/figure.js";
import type { FigureOptions } from "../../figures/theme.js";

/** Projections of a run's embeddings side by side, each with how far it may be believed. */
export function embeddingPicture(made: Projections, { note = "", ...options }: FigureOptions = {}): Figure {
  const { planes, labels, classes, ids, neighbours, agreement, seed } = made;
  const before = `before projection ${percent(agreement.agreement)} of an item's ${neighbours} neighbours are of its class, by chance ${percent(agreement.chance)}`;
  const panels = planes.map(({ asked, plane }) => {
    const name = panelName(asked);
    if ("refused" in plane) return { name, points: plane.refused };
    const says = `trustworthiness ${plane.trustworthiness.toFixed(3)}; ${percent(plane.agreement.agreement)} of an item's ${neighbours} neighbours are of its class`;
    return { name, says, points: { x: plane.x, y: plane.y } };
  });
  const texts = ids.map((id, i) => `${id}: ${labels[classes[i]!]}`);
  const notes = [note, `projections of seed ${seed}`, before].filter(Boolean).join("; ");
  return embeddingPanels({ panels, labels, classes, texts }, { ...options, note: notes });
}

function panelName(asked: ProjectionMethod): string {
  return asked.method === "t-SNE"
    ? `t-SNE, perplexity ${asked.perplexity}, rate ${asked.learningRate}`
    : `UMAP, ${asked.neighbours ?? 15} neighbours`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
