import type { SearchSettings } from "../../src/papers/searchResult.js";
import type { SearchedValues } from "../../src/papers/searchSpace.js";

export const exampleSettings: SearchSettings = {
  space: {
    rate: { type: "log-uniform", from: 1e-4, to: 1e-1 },
    width: { type: "choice", of: [2, 4, 6, 8] },
    hop: { type: "whole number", from: 64, to: 512, step: 32 },
  },
  trials: 8,
  maxSteps: 4,
  sampler: "tpe",
  startupTrials: 3,
  seed: 7,
  halving: { grace: 1, reduction: 2 },
};

/** Grows to its end in as many steps as there are. */
export function exampleValue(values: SearchedValues, step: number): number {
  const { rate, width, hop } = values as { rate: number; width: number; hop: number };
  const quality = 4 - (Math.log10(rate) + 2.5) ** 2 - Math.abs(width - 6) / 4 - Math.abs(hop - 160) / 200;
  // The two languages' logarithms differ in the last bit, and trees split otherwise then.
  return ((Math.floor(quality * 1e6 + 0.5) / 1e6) * step) / exampleSettings.maxSteps;
}

/** A point with its rate in 13 digits: NumPy's logarithms differ in the last bit from processor to processor. */
export function comparable([rate, ...others]: readonly [rate: number, ...others: number[]]): number[] {
  return [Number(rate.toPrecision(13)), ...others];
}

/*
 * What Optuna 5.0.0 itself does with them (its Python, `-I`):
 *
 *   import hashlib, math, optuna
 *   from optuna.distributions import *
 *   space = {"rate": FloatDistribution(1e-4, 1e-1, log=True), "width": CategoricalDistribution([2, 4, 6, 8]),
 *            "hop": IntDistribution(64, 512, step=32)}
 *   pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2)
 *   study = optuna.create_study(direction="maximize", pruner=pruner)
 *   for n in range(8):
 *       seed = int.from_bytes(hashlib.sha256(f"7 {n}".encode()).digest()[:4], "big")
 *       study.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=3)
 *       trial = study.ask(space)
 *       p = trial.params
 *       quality = 4 - (math.log10(p["rate"]) + 2.5) ** 2 - abs(p["width"] - 6) / 4 - abs(p["hop"] - 160) / 200
 *       quality = math.floor(quality * 1e6 + 0.5) / 1e6
 *       pruned = 0
 *       for step in range(1, 5):
 *           value = quality * step / 4
 *           trial.report(value, step)
 *           if step < 4 and trial.should_prune():
 *               pruned = step; break
 *       study.tell(trial, state=optuna.trial.TrialState.PRUNED) if pruned else study.tell(trial, value)
 *       print([p["rate"], p["width"], p["hop"], pruned])
 *   print(optuna.importance.get_param_importances(study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=7)))
 */
export const optunaTrials: readonly (readonly [rate: number, width: number, hop: number, prunedAfter: number])[] = [
  [0.013304559887738555, 8, 512, 0],
  [0.04864093020762637, 4, 384, 1],
  [0.00014969860446011947, 2, 512, 1],
  [0.0005382120253360576, 8, 96, 0],
  [0.00041665880145091554, 8, 64, 2],
  [0.0018508247530063151, 6, 96, 0],
  [0.010128549828439585, 6, 64, 0],
  [0.0010365683679414847, 6, 320, 0],
];
export const optunaImportance = { rate: 0.4770550164295348, hop: 0.3366383428601714, width: 0.18630664071029376 };
