import { UserError } from "../../userError.js";
import { type CycleRecipe, cycleOptions, inputOption, withProfile } from "../cycleRecipe.js";
import type { Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import type { GlancegazeInput } from "./frontEnd.js";
import type { GlancegazeOptions } from "./networkOptions.js";
import type { GlancegazeRow } from "./rows.js";

/** How a row is trained (papers.md 4.2 to 4.6). */
export interface GlancegazeRecipe
  extends CycleRecipe,
    GlancegazeInput,
    Pick<GlancegazeRow, "network" | "without">,
    Required<Pick<GlancegazeOptions, "ffm" | "attentionScale" | "shareGlance" | "glanceKernel" | "shrinkage">> {
  /** Copies of wheezes and of cycles with both at other speeds, which take samples (papers.md 4.5). */
  augmentation: "speed" | "none";
}

/** Of a run (decision 54). */
export const FULL_EPOCHS = 100;

/** The rates that baselines are tuned over (papers.md 4.6). */
export const LEARNING_RATES = [1e-3, 3e-4, 1e-4] as const;

/** A row's settings. */
export function glancegazeRecipe(row: GlancegazeRow, profile: Profile): GlancegazeRecipe {
  const { network, without, frontEnd = "mel" } = row;
  const full: GlancegazeRecipe = {
    ...{ input: "audio", frontEnd, bands: 128, seconds: 8, augmentation: "speed" },
    ...{ network, ...(without && { without }), ffm: "selective", attentionScale: "length", shareGlance: false },
    ...{ glanceKernel: 3, shrinkage: "channel" },
    ...{ learningRate: LEARNING_RATES[0], finalLearningRate: 1e-5, weightDecay: 1e-4 },
    ...{ epochs: FULL_EPOCHS, batchSize: 32 },
  };
  return withProfile(full, profile);
}

/** What `--set` may change of a row, with what it is without. */
export function glancegazeOptions(recipe: GlancegazeRecipe): RecipeOptions {
  const whole = (about: string, from: number, to: number, value: number | undefined) =>
    ({ type: "whole number", about, from, to, default: value }) as const;
  const choice = (about: string, of: readonly string[], value: string | undefined) =>
    ({ type: "choice", about, of, default: value }) as const;
  const { network, without, frontEnd } = recipe;
  const hasGlance = network === "Proposed" && without !== "glance";
  const hasGaze = network === "Proposed" && without !== "gaze";
  return {
    ...(frontEnd === "mel" && {
      ...inputOption(recipe),
      bands: whole("mel bands of audio's map", 16, 256, recipe.bands),
    }),
    seconds: { type: "number", about: "of a clip of audio", from: 1, to: 60, default: recipe.seconds },
    augmentation: choice(
      "copies of wheezes and of cycles with both at other speeds, or none; of stored maps there are none",
      ["speed", "none"],
      // Where inputs may be stored maps it follows from these.
      frontEnd === "mel" ? undefined : recipe.augmentation,
    ),
    ...(hasGlance && {
      attentionScale: choice(
        "weights along an axis: of mean one, or as softmax gives them, as printed",
        ["length", "none"],
        recipe.attentionScale,
      ),
      shareGlance: {
        type: "switch" as const,
        about: "one convolution for both axes, as printed",
        default: recipe.shareGlance,
      },
      glanceKernel: whole("places that a convolution along an axis sees: odd", 1, 31, recipe.glanceKernel),
    }),
    ...(hasGaze && {
      shrinkage: choice(
        "thresholds: a share of each channel's mean, or of the map itself, as printed",
        ["channel", "map"],
        recipe.shrinkage,
      ),
    }),
    ...(hasGlance &&
      without !== "ffm" && {
        ffm: choice(
          "fusion: a softmax over the two branches, or sigmoid weights of their sum",
          ["selective", "se"],
          recipe.ffm,
        ),
      }),
    ...cycleOptions(recipe),
    learningRate: {
      ...{ type: "number", about: "of Adam, at the beginning", above: 0, to: 1 },
      // A baseline's follows from its search, if there is one: asked for, the first of those searched is a choice too.
      default: network === "Proposed" ? recipe.learningRate : undefined,
    },
  };
}

/** @throws UserError for settings that the network does not have */
export function requireGlancegaze({ glanceKernel }: GlancegazeRecipe): void {
  if (glanceKernel % 2 === 0) throw new UserError(`--set glanceKernel=${glanceKernel}: must be odd`);
}

/** Stored maps cannot be changed in speed: their copies are left out. */
export function withoutSamples(recipe: GlancegazeRecipe): GlancegazeRecipe {
  return recipe.input === "audio" ? recipe : { ...recipe, augmentation: "none" };
}
