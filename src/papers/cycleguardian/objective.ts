import { crossEntropy } from "../../losses/crossEntropy.js";
import { clusteringLoss, studentAssignment } from "../../losses/deepClustering.js";
import { mixContrast } from "../../losses/mixContrast.js";
import { clusterSimilarity } from "../../losses/softCosine.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { Objective, StepMode, TrainingStepOptions } from "../../training/trainingStep.js";
import type { Branch, CycleguardianNetwork } from "./network.js";
import type { CycleguardianRecipe } from "./recipe.js";

/** Losses that are watched, in the order in which steps give them. */
export type LossPart = "classification" | "clustering" | "similarity" | "contrast";

/** The losses that a row has. */
export function lossParts({ similarity, contrast }: Pick<CycleguardianRecipe, "similarity" | "contrast">): LossPart[] {
  return [
    "classification",
    "clustering",
    ...(similarity === "none" ? [] : (["similarity"] as const)),
    ...(contrast ? (["contrast"] as const) : []),
  ];
}

/** What a step draws where groups are mixed; the names are the step's. */
export const MIXING_DRAWS = ["partner", "replaced"] as const;

/**
 * CycleGuardian's total loss (papers.md 1.4, decision 12): cross-entropy of the unmixed branch, and with their weights the clustering and
 * the similarity of both branches and the contrast. Each part is what is added, before its weight.
 */
export function cycleguardianObjective(
  network: CycleguardianNetwork,
  recipe: CycleguardianRecipe,
): NonNullable<TrainingStepOptions["objective"]> {
  const { clusteringWeight, similarityWeight, contrastWeight, detachTarget, similarity, softCosine } = recipe;
  return (inputs, targets, mode): Objective => {
    const mixing = recipe.contrast ? mixingOf(mode) : undefined;
    const pass = network.forward(inputs, mixing, mode);
    const branches = pass.mixed ? [pass.plain, pass.mixed] : [pass.plain];
    const ofBranches = (part: (branch: Branch) => TensorFlow.Scalar) =>
      tf.addN(branches.map(part)) as TensorFlow.Scalar;
    const matrix = similarity === "soft cos" ? pass.similarity : undefined;
    const parts: Partial<Record<LossPart, TensorFlow.Scalar>> = {
      classification: crossEntropy(pass.plain.logits, targets),
      clustering: ofBranches(({ embeddings }) =>
        clusteringLoss(studentAssignment(embeddings, pass.centres), { detachTarget }),
      ),
    };
    if (similarity !== "none")
      parts.similarity = ofBranches(({ clusters }) => clusterSimilarity(clusters, matrix, softCosine));
    if (mixing && pass.mixed) {
      parts.contrast = mixContrast({
        mixed: pass.mixed.projected,
        plain: pass.plain.projected,
        partner: mixing.partner,
        lambda: tf.sub(1, tf.mean(mixing.replaced)) as TensorFlow.Scalar,
        temperature: recipe.temperature,
        negatives: recipe.negatives,
        labels: targets,
      });
    }
    const weights: Record<LossPart, number> = {
      classification: 1,
      clustering: clusteringWeight,
      similarity: similarityWeight,
      contrast: contrastWeight,
    };
    const weighted = lossParts(recipe).map((part) => tf.mul(parts[part]!, weights[part]));
    return { value: tf.addN(weighted) as TensorFlow.Scalar, parts };
  };
}

/** What the row's losses reach; the rest keeps the weights that it was given. */
export function learntParameters(
  { whole, unused, projector }: CycleguardianNetwork,
  recipe: Pick<CycleguardianRecipe, "similarity" | "contrast" | "projector">,
): TensorFlow.Variable[] {
  const left = new Set(unused);
  if (!recipe.contrast || recipe.projector === "frozen-random") for (const layer of projector) left.add(layer);
  if (recipe.similarity !== "soft cos") left.add(whole.getLayer("similarity"));
  return whole.layers
    .filter((layer) => !left.has(layer))
    .flatMap(({ trainableWeights }) => trainableWeights.map((weight) => weight.read() as TensorFlow.Variable));
}

function mixingOf(mode: StepMode) {
  return {
    partner: mode.partner as TensorFlow.Tensor1D,
    replaced: mode.replaced as TensorFlow.Tensor1D,
  };
}
