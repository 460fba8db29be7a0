import { recordingSeconds } from "../../datasets/sprsound/recordingSeconds.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { digestText } from "../../features/frontEnd.js";
import { MissingData, UserError } from "../../userError.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import type { Paper, PreparedRun, RunRequest, TunedSettings } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { runSplitOf } from "../runSplit.js";
import { withoutShortening } from "../shortenedRecipe.js";
import { startingWeights } from "../startingWeights.js";
import { classifierReceiver, evaluatedClassifier, probeClassifier, runClassifier } from "./classifierRun.js";
import { supconMfcc } from "./frontEnd.js";
import { pretrainingStage } from "./pretrainingStage.js";
import {
  adjustedRecipe,
  budgetShare,
  type SupconRecipe,
  type SupconRow,
  supconOptions,
  supconRecipe,
} from "./recipe.js";
import { reductionOf } from "./reduction.js";
import { runDataOf, splitOf, sprSoundIn } from "./runData.js";
import { isSearch, searchOf, searchOptions } from "./search.js";
import { levelOf, recordInputsOf, windowCount, windowDataOf, windowSplitOf } from "./windowInputs.js";
import { runWindows } from "./windowRun.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 3;
/** The same of what windows make of recordings. */
const WINDOWS_VERSION = 1;

const ROWS: Readonly<Record<string, SupconRow>> = {
  CNN: { network: "leanCnn", mixUp: false, pretrained: false },
  "CNN + MixUp": { network: "leanCnn", mixUp: true, pretrained: false },
  "ResNet 18": { network: "resnet18", mixUp: false, pretrained: false },
  "ResNet 18 + SupCon": { network: "resnet18", mixUp: false, pretrained: true },
  "ResNet 18 + SupCon + MixUp": { network: "resnet18", mixUp: true, pretrained: true },
  "ResNet 18 + SupCon + MixUp + Tune": { network: "resnet18", mixUp: true, pretrained: true, tuned: true },
  // Table II's: the best row's system on windows of 3 s.
  "Event level": { network: "resnet18", mixUp: true, pretrained: true, windows: true },
};

/** SupCon pretraining and MixUp on SPRSound (papers.md 3): the rows of Table III, on which Table I and Figure 3 stand, and of Table II. */
export const paper: Paper = {
  id: "supcon-sprs",
  citation: "SupCon-pretrained ResNet18 with MixUp, SPRSound, IEEE BioCAS 2023",
  options(request) {
    if (isSearch(request)) return searchOptions(request);
    const { row, task, preset, profile } = request;
    const asked = rowNamed(row);
    return supconOptions(supconRecipe(asked, levelOf(asked, sprSoundTask(task)), preset, profile));
  },
  search: (request) => (isSearch(request) ? searchOf(request) : undefined),
  prepare(request: RunRequest): PreparedRun {
    const row = rowNamed(request.row);
    const task = sprSoundTask(request.task);
    const { dataDir, protocol, preset, profile, seed, precision = "float32", budget } = request;
    const data = sprSoundIn(dataDir);
    const tuned = row.tuned ? tunedFor(request, data.digest) : undefined;
    const set = { ...tuned?.set, ...request.set };
    const level = levelOf(row, task);
    const splitWith = row.windows ? windowSplitOf : splitOf;
    const split = splitWith(request, task, seed);
    const records = row.windows && splitOf(request, task, seed);
    const under = <R extends SupconRecipe>(one: R) => (protocol === "honest" ? withSharedSlice(one) : one);
    const recipe = under(adjustedRecipe(supconRecipe(row, level, preset, profile), level, { set, budget }));
    const own = supconRecipe(row, level, preset, "full");
    const full = under(adjustedRecipe(own, level, { set: withoutShortening(set) }));
    const { network } = row;
    const onePass = Math.ceil(split.train.length / full.batchSize);
    const stepsPerEpoch = recipe.stepsPerEpoch ?? onePass;
    const receiver = request.init ? receiverOf(request.row, row, recipe, task.labels) : undefined;
    const start = receiver && startingWeights(request.init!, receiver);
    const init = start && { sha256: start.sha256, headAnew: start.headAnew };
    const { itemsPerEpoch, itemsAtEnd } = evaluatedItems(evaluatedClassifier({ split, recipe }));
    const embedded = recipe.pretraining ? evenly(split.select, recipe.selectItems).length : 0;
    // What is classified or embedded when the classifier is done.
    const later = embedded + (records ? windowCount(records, recordingSeconds(data), recipe.testItems) : 0);
    const stage =
      recipe.pretraining &&
      pretrainingStage({
        recipe: recipe.pretraining,
        split: recipe.pretraining.selectSlice === "own" ? splitWith(request, task, seed + OWN_SLICE) : split,
        ...{ seed, precision },
        data: data.digest,
      });
    return {
      identity: {
        recipeVersion: RECIPE_VERSION,
        paper: "supcon-sprs",
        network,
        task: task.id,
        protocol,
        preset,
        seed,
        recipe,
        stepsPerEpoch,
        pretraining: stage?.identity,
        windows: row.windows ? WINDOWS_VERSION : undefined,
        frontEnd: digestText(supconMfcc),
        data: data.digest,
        split: split.digest,
        init,
      },
      data: row.windows ? windowDataOf(request, split) : runDataOf(request, split),
      split: runSplitOf(split),
      inputs: [
        ...runInputsOf(split, {
          train: evenly(split.train, recipe.trainItems),
          select: evenly(split.select, recipe.selectItems),
          testItems: recipe.testItems,
        }),
        ...(records ? recordInputsOf(records, recipe.testItems) : []),
      ],
      work: {
        network: recipe.pretraining ? `${network}, frozen (${recipe.frozenMode})` : network,
        ...{ input: [supconMfcc.rows, recipe.frames, 1], batchSize: recipe.batchSize },
        ...{ epochs: recipe.epochs, stepsPerEpoch, perBudgetEpoch: budgetShare(own.epochs) },
        itemsPerEpoch,
        itemsAtEnd: itemsAtEnd + later,
      },
      settings: {
        ...recipe,
        stepsPerEpoch,
        ...(start && { init: start.sha256 }),
        ...(tuned && { tunedBy: tuned.run }),
      },
      reduced: withReducedSearch(reductionOf(recipe, full, { train: split.train.length, budget }), tuned),
      precision,
      ...(tuned && { tuned }),
      ...(start && { init: { file: start.file, says: start.says, ...init! } }),
      ...(stage && { stages: [stage] }),
      probe: (signal) => probeClassifier({ network, recipe, labels: task.labels, precision, signal }),
      execute(context) {
        const run = { split, level, network, recipe, stepsPerEpoch, seed, start, precision };
        return records
          ? runWindows(
              { ...run, records, annotated: () => data.recordings, secondsOf: recordingSeconds(data) },
              context,
            )
          : runClassifier(run, context);
      },
    };
  },
};

/** Under `honest` the held-out patients are one choice, fixed whatever the seed: there is no other slice to draw. */
function withSharedSlice<R extends SupconRecipe>(recipe: R): R {
  const { pretraining } = recipe;
  return pretraining ? { ...recipe, pretraining: { ...pretraining, selectSlice: "shared" as const } } : recipe;
}

/** Added to the seed of a pretraining that draws select items of its own. */
const OWN_SLICE = 1_000_000;

function rowNamed(name: string): SupconRow {
  const row = Object.hasOwn(ROWS, name) ? ROWS[name] : undefined;
  if (row) return row;
  const known = Object.keys(ROWS).map((one) => `"${one}"`);
  throw new UserError(`unknown row "${name}" of supcon-sprs; there are ${known.join(", ")}`);
}

/** The most suitable search on this data. Throws MissingData where there is none. */
function tunedFor({ row, task, protocol, preset, profile, tuned = [] }: RunRequest, data: string): TunedSettings {
  const found = tuned.find((one) => one.data === data);
  if (found) return found;
  const like = `--protocol ${protocol}${preset === "paper" ? "" : ` --preset ${preset}`} --profile ${profile}`;
  throw new MissingData(
    `"${row}" takes its settings from a search that was not made here: npx auscult run supcon-sprs/tune --row SupCon --task ${task} ${like}`,
  );
}

function withReducedSearch(reduced: string | undefined, tuned: TunedSettings | undefined): string | undefined {
  if (tuned?.reduced === undefined) return reduced;
  return `${reduced ?? "reduced budget"}; of the search: ${tuned.reduced.replace(/^reduced budget: /, "")}`;
}

function receiverOf(
  name: string,
  row: SupconRow,
  recipe: Parameters<typeof classifierReceiver>[1],
  labels: readonly string[],
) {
  if (recipe.pretraining) throw new UserError(`--init: "${name}" starts from its own pretraining; leave one out`);
  return classifierReceiver(row.network, recipe, labels);
}
