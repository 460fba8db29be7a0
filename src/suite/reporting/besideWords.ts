import { shown } from "../html.js";
import type { ReportCell } from "./reportModel.js";
import { shownOurs, unitWords } from "./shownNumber.js";

/** What stands beside a Score, in short sentences: AUC and the last epochs, the folds, optimism and protocol gap. */
export function besideWords(cell: ReportCell): string[] {
  const { beside, optimism, protocolGap, unit } = cell;
  const words = unitWords(unit);
  const signed = (value: number) => `${value < 0 ? "" : "+"}${shownOurs(value, cell)}${words ? ` ${words}` : ""}`;
  const line = [
    ...(beside && beside.auc !== null ? [`AUC ${shown(beside.auc)}`] : []),
    ...(beside?.lastTenth.median !== null && beside !== undefined ? [lastEpochs(beside)] : []),
    ...(optimism === null ? [] : [`optimism ${signed(optimism)}`]),
    ...(protocolGap === null ? [] : [`protocol gap ${signed(protocolGap)}`]),
  ].join("; ");
  return [line, beside?.folds ? foldWords(beside.folds) : ""].filter(Boolean);
}

function foldWords({
  names,
  mean,
  deviation,
  low,
  high,
  without,
}: NonNullable<NonNullable<ReportCell["beside"]>["folds"]>) {
  const lacking = without === undefined ? "" : `; ${without} without a Score`;
  return `${names.length} folds pooled; their own Scores: mean ${shown(mean)}, standard deviation ${shown(deviation)}, from ${shown(low)} to ${shown(high)}${lacking}`;
}

function lastEpochs({ lastTenth: { role, epochs, median } }: NonNullable<ReportCell["beside"]>): string {
  const which = epochs === 1 ? "last epoch" : `median of the last ${epochs} epochs`;
  return `${which} ${shown(median)} on ${role}`;
}
