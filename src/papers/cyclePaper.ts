import { UserError } from "../userError.js";
import { type CycleRecipe, withProfile } from "./cycleRecipe.js";
import type { CycleSystem } from "./cycleSystem.js";
import { icbhiClassesOf, icbhiRunData } from "./icbhiRunData.js";
import { namedRow } from "./namedRow.js";
import type { Paper, RunRequest } from "./paper.js";
import { preparedOnCycles } from "./preparedOnCycles.js";
import { probeCycles, runCycles } from "./runCycleSystem.js";
import { adjusted, withoutShortening } from "./shortenedRecipe.js";

/** A paper of ICBHI's cycles: Adam and a half-cosine, cross-entropy, shuffled passes; splits, protocols, budgets and records as all papers have. */
export function cyclePaper<R extends CycleRecipe>(system: CycleSystem<R>): Paper {
  const { id, citation, version } = system;
  const recipeOf = ({ experiment, row }: RunRequest, profile: RunRequest["profile"]): R =>
    withProfile({ ...system.recipe, ...namedRow(system.rows, experiment, row) }, profile);
  return {
    ...{ id, citation },
    options: (request) => system.options(recipeOf(request, request.profile)),
    prepare(request) {
      const { task, fold = "official", protocol, seed, dataDir, set, budget, init } = request;
      if (init !== undefined) throw new UserError(`--init: ${id} starts from scratch; leave it out`);
      const recipe = adjusted(recipeOf(request, request.profile), { set, budget });
      const full = adjusted(recipeOf(request, "full"), { set: withoutShortening(set) });
      const { path: testPath, shape } = system.input(recipe);
      const { sampleRateHz } = testPath.frontEnd;
      const icbhi = icbhiRunData({
        ...{ dataDir, fold, protocol, classes: icbhiClassesOf(task), input: recipe.input, sampleRateHz },
      });
      const { split, data } = icbhi;
      const { stepsPerEpoch, prepared } = preparedOnCycles({
        ...{ request, recipe, full, icbhi, network: request.row, inputShape: shape },
      });
      const run = { dataDir, split, recipe, stepsPerEpoch, seed, precision: prepared.precision };
      return {
        ...prepared,
        identity: {
          ...{ recipeVersion: version, paper: id, task, fold, protocol, seed, recipe, stepsPerEpoch },
          ...{ input: testPath.digest, data: data.digest, split: split.digest },
        },
        probe: (signal) => probeCycles(system, run, signal),
        execute: (context) => runCycles(system, run, context),
      };
    },
  };
}
