import type { SearchRecord } from "../../papers/searchRecord.js";
import { spaceWords } from "../../search/space.js";
import { shown, shownDuration } from "../html.js";
import { isTold, valuesWords, valueText } from "./searchFigures.js";

const SAMPLER_WORDS = { tpe: "TPE", gp: "Gaussian process", random: "chance", grid: "one after the other" } as const;

/** How the search chose and stopped, a sentence. */
export function searchWords({ settings, trials }: SearchRecord): string {
  const { sampler, startupTrials, maxSteps, halving } = settings;
  if (sampler === "grid") return `${trials.length} trials of at most ${maxSteps} epochs, each point once.`;
  const byChance = sampler === "random" || startupTrials >= trials.length;
  const chosen = byChance
    ? "all chosen by chance"
    : `the first ${startupTrials} chosen by chance, the others by ${SAMPLER_WORDS[sampler]}`;
  return `${trials.length} trials of at most ${maxSteps} epochs, ${chosen}; successive halving (grace ${halving.grace}, reduction ${halving.reduction}).`;
}

/** What it found, a sentence. */
export function bestWords({ trials, best, valueIs }: SearchRecord): string {
  const { number, value, values } = trials[best!]!;
  return `Best: trial ${number + 1}, ${shown(value)} (${valueIs}), with ${valuesWords(values)}.`;
}

/** What each setting matters, a sentence. */
export function importanceWords({ importance }: SearchRecord): string {
  if (!isTold(importance)) return `Importance of the settings: ${(importance as { why: string }).why}.`;
  const parts = Object.entries(importance).map(([name, share]) => `${name} ${shown(share, 2)}`);
  return `Importance (fANOVA, share of the variance between complete trials): ${parts.join(", ")}.`;
}

/** A search as tables: heads and rows, of the space and of the trials. */
export function searchTables({ settings, trials }: SearchRecord) {
  const names = Object.keys(settings.space);
  return {
    space: {
      heads: ["setting", "searched"],
      rows: Object.entries(settings.space).map(([name, dimension]) => [name, spaceWords(dimension)]),
    },
    trials: {
      heads: ["trial", "value", "state", "epochs", "time", ...names],
      rows: trials.map(({ number, value, state, reports, seconds, values, message }) => [
        String(number + 1),
        shown(value),
        message ? `failed: ${message}` : state === "pruned" ? "stopped early" : state,
        ...[String(reports.length), shownDuration(seconds)],
        ...names.map((name) => valueText(values[name]!)),
      ]),
    },
  };
}
