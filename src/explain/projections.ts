import { UserError } from "../userError.js";
import { type LabelAgreement, labelAgreement } from "./labelAgreement.js";
import { squaredDistances } from "./neighbours.js";
import { countPoints, type Embeddings, type Plane, pointsOf, type Watch } from "./points.js";
import { trustworthiness } from "./trustworthiness.js";
import { type TsneOptions, tsne } from "./tsne.js";
import { type UmapOptions, umap } from "./umap.js";

/** A way to a plane, with its settings but the seed. */
export type ProjectionMethod =
  | ({ method: "t-SNE" } & Omit<TsneOptions, "seed">)
  | ({ method: "UMAP" } & Omit<UmapOptions, "seed">);

/** Neighbours of each point that the numbers beside a picture are of; fewer where there are few points. */
const NEIGHBOURS = 15;

/** A picture's points, and how far they may be believed. */
export interface ProjectedPlane extends Plane {
  trustworthiness: number;
  agreement: LabelAgreement;
}

export interface Projections {
  format: 1;
  layer: string;
  labels: readonly string[];
  /** [items] */
  ids: readonly string[];
  classes: readonly number[];
  seed: number;
  /** Of each point, for the numbers below. */
  neighbours: number;
  /** Before any projection. */
  agreement: LabelAgreement;
  /** In the order asked for: a plane, or why there is none. */
  planes: { asked: ProjectionMethod; plane: ProjectedPlane | { refused: string } }[];
}

/**
 * Projects embeddings to a plane in each of some ways, with trustworthiness and the agreement of neighbours' labels. A way that too
 * few items do not allow is refused in words, and the others go on.
 *
 * @throws UserError as `countPoints` does, and for fewer than five items
 */
export async function projections(
  embeddings: Embeddings,
  methods: readonly ProjectionMethod[],
  seed: number,
  { onProgress, signal }: Watch = {},
): Promise<Projections> {
  const { layer, labels, ids, classes } = embeddings;
  const count = countPoints(embeddings);
  if (count < 5)
    throw new UserError(`${count} items are too few for a picture of their neighbours; five are the least`);
  const part = (index: number): Watch => ({
    onProgress: (fraction) => onProgress?.((index + fraction) / (methods.length + 1)),
    ...(signal && { signal }),
  });
  const neighbours = Math.min(NEIGHBOURS, Math.ceil(count / 2) - 1);
  const distances = await squaredDistances(embeddings, part(0));
  const planes: Projections["planes"] = [];
  for (const [i, asked] of methods.entries()) {
    planes.push({ asked, plane: await projected(asked, part(i + 1)) });
  }
  const agreement = labelAgreement(distances, classes, neighbours);
  return { format: 1, layer, labels, ids, classes, seed, neighbours, agreement, planes };

  async function projected(asked: ProjectionMethod, watch: Watch): Promise<ProjectedPlane | { refused: string }> {
    try {
      const plane =
        asked.method === "t-SNE"
          ? await tsne(embeddings, { ...asked, seed }, watch)
          : await umap(embeddings, distances, { ...asked, seed }, watch);
      const after = await squaredDistances(pointsOf(plane));
      return {
        ...plane,
        trustworthiness: trustworthiness(distances, after, neighbours),
        agreement: labelAgreement(after, classes, neighbours),
      };
    } catch (error) {
      if (error instanceof UserError) return { refused: error.message };
      throw error;
    }
  }
}
