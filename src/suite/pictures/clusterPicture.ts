import { bars } from "../../figures/bars.js";
import type { Figure } from "../../figures/figure.js";
import { similarityMatrix } from "../../figures/similarityMatrix.js";
import type { FigureOptions } from "../../figures/theme.js";
import type { ClusterLook } from "../../papers/cycleguardian/clusterLook.js";

/** Which clusters the groups of each class's cycles are in. */
export function clusterPicture({ labels, cycles, occupancy, of }: ClusterLook, options: FigureOptions = {}): Figure {
  const clusters = occupancy[0]?.map((_, k) => k) ?? [];
  return bars(
    {
      categories: labels.map((label, i) => `${label} (${cycles[i]})`),
      groups: clusters.map((k) => ({
        name: `cluster ${k + 1}`,
        values: occupancy.map((row, i) => (cycles[i] === 0 ? null : Math.round(1000 * row[k]!) / 10)),
      })),
      xLabel: `class (cycles of ${of})`,
      yLabel: "share of groups (%)",
    },
    options,
  );
}

/** How alike the clusters' vectors are. */
export function clusterSimilarityPicture({ similarity, of }: ClusterLook, options: FigureOptions = {}): Figure {
  const labels = similarity.map((_, k) => `${k + 1}`);
  const valueLabel = `mean cosine over the cycles of ${of}`;
  return similarityMatrix({ labels, values: similarity, thing: "cluster", valueLabel }, options);
}
