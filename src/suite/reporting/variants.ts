import path from "node:path";
import { settingsWords } from "../planning/setOptions.js";
import type { RunSummary } from "./summaryLine.js";

/** Runs of a row that differ in nothing but task, fold and seed. */
export interface Variant {
  /** Such as "honest, quick". */
  label: string;
  runs: RunSummary[];
}

const byRow = new WeakMap<readonly RunSummary[], Map<string, RunSummary[]>>();

/** Those of a list that a row of an experiment has. */
export function runsOfRow(
  runs: readonly RunSummary[],
  { experiment, row }: { experiment: string; row: string },
): readonly RunSummary[] {
  let rows = byRow.get(runs);
  if (!rows) {
    rows = new Map();
    for (const run of runs) {
      const key = `${run.request.experiment}\u0000${run.request.row}`;
      const own = rows.get(key);
      if (own) own.push(run);
      else rows.set(key, [run]);
    }
    byRow.set(runs, rows);
  }
  return rows.get(`${experiment}\u0000${row}`) ?? [];
}

/** Runs told apart by what was asked for, the data and the starting weights. */
export function variantsOf(runs: readonly RunSummary[]): Variant[] {
  const variants = new Map<string, Variant>();
  for (const run of runs) {
    const label = variantLabel(run);
    const key = `${label}\u0000${run.data.digest} ${run.init?.sha256 ?? ""}`;
    const variant = variants.get(key) ?? { label, runs: [] };
    variant.runs.push(run);
    variants.set(key, variant);
  }
  return [...variants.values()];
}

/** Such as "honest, quick, from resnet18.pth". */
export function variantLabel({ request, data, precision }: RunSummary): string {
  const { protocol, preset, profile, init } = request;
  return [
    protocol,
    ...(preset === "paper" ? [] : [preset]),
    profile,
    ...overrides(request),
    ...(data.madeUp ? ["made-up sounds"] : []),
    ...(init === undefined ? [] : [`from ${path.basename(init)}`]),
    ...(precision === "bf16" ? ["bf16"] : []),
  ].join(", ");
}

/** What was asked for besides the recipe: "set: epochs=3", "at most 12 epochs". */
function overrides({ set, budget }: RunSummary["request"]): string[] {
  return [
    ...(budget === undefined ? [] : [`at most ${budget.epochs} epochs`]),
    ...(set === undefined ? [] : [settingsWords(set)]),
  ];
}

/** Runs of one cell that may be averaged: of one recipe, one split and one budget. */
export interface Edition {
  /** What tells it from the newer one that stands first; absent in that. */
  label?: string;
  runs: RunSummary[];
}

/**
 * The runs of one cell of a variant, told apart by recipe, split and budget. A run that does not name its recipe is of an earlier version
 * of the program and never averaged with one that does; the largest of the newest stands first.
 */
export function editionsOf(runs: readonly RunSummary[]): Edition[] {
  const editions = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const { recipe, split, reduced, result } = run;
    // Splits that are drawn anew for each seed, and folds, have digests of their own.
    const apart = split.seed !== undefined || /fold\d/.test(split.name);
    const side = apart ? split.name.replace(/fold\d/g, "fold") : split.digest;
    const key = [recipe ?? "", side, result.epochs, reduced !== undefined, result.parameters].join("\u0000");
    editions.set(key, [...(editions.get(key) ?? []), run]);
  }
  const ordered = [...editions.values()].sort(
    (a, b) => Number(b[0]!.recipe !== undefined) - Number(a[0]!.recipe !== undefined) || b.length - a.length,
  );
  return ordered.map((own, place) =>
    place === 0 ? { runs: own } : { runs: own, label: differences(own[0]!, ordered[0]![0]!) },
  );
}

function differences(other: RunSummary, first: RunSummary): string {
  const words = [
    ...(other.recipe === first.recipe
      ? []
      : [other.recipe === undefined ? "recipe of an earlier version" : `recipe ${other.recipe.slice(0, 6)}`]),
    ...(other.split.digest === first.split.digest ? [] : [`split ${other.split.digest.slice(0, 6)}`]),
    ...(other.result.epochs === first.result.epochs ? [] : [`${other.result.epochs} epochs`]),
    ...(other.result.parameters === first.result.parameters ? [] : [`${other.result.parameters} parameters`]),
  ];
  return words.join(", ");
}
