import type { LeakedPatient } from "../../datasets/overlap.js";
import type { ConfusionMatrix } from "../../evaluation/confusion.js";
import { rowTotals } from "../../evaluation/confusion.js";
import { perClassScores } from "../../evaluation/perClass.js";
import type { RunCalibration } from "../../evaluation/runCalibration.js";
import { escapeHtml, shown } from "../html.js";
import type { NamedCounts, ReportRun } from "./reportModel.js";

/** A run's decisions by class, by recording device and by patient, each set in a part that opens. */
export function runDetail(run: ReportRun): string {
  const classes = Object.entries(run.confusionBySet).map(([set, matrix]) => perClassTable(set, matrix));
  const devices = Object.entries(run.groupsBySet ?? {}).map(([set, { devices: own }]) =>
    own.length > 0 ? groupTable(`By recording device, ${set}`, "device", own) : "",
  );
  const patients = Object.entries(run.groupsBySet ?? {}).map(([set, { patients: own }]) =>
    own.length > 0
      ? `<details><summary>By patient, ${escapeHtml(set)}: ${own.length} patients</summary>${groupTable(`Each patient of ${set}`, "patient", own)}</details>`
      : "",
  );
  return [...classes, ...devices, ...patients].join("");
}

function perClassTable(set: string, matrix: ConfusionMatrix): string {
  const { classes, macro, absent } = perClassScores(matrix);
  const rows = classes.map(({ label, support, precision, recall, f1, absent: none }) =>
    row(label, [String(support), ...[precision, recall, f1].map((value) => (none ? "–" : shown(value)))]),
  );
  const of = absent.length > 0 ? "mean of the classes that have items" : "mean of the classes";
  rows.push(row(of, ["", ...[macro.precision, macro.recall, macro.f1].map((value) => shown(value))]));
  return table(`By class, ${set}`, ["class", "items", "precision", "recall", "F1"], rows);
}

function groupTable(caption: string, what: string, groups: readonly NamedCounts[]): string {
  const labels = groups[0]!.matrix.labels;
  const rows = groups.map(({ name, matrix }) => {
    const totals = rowTotals(matrix);
    const items = totals.reduce((sum, total) => sum + total, 0);
    const hits = labels.map((_, i) => matrix.counts[i]![i]!);
    const right = hits.reduce((sum, hit) => sum + hit, 0);
    return row(name, [
      String(items),
      shown(right / items, 2),
      ...labels.map((_, i) => (totals[i] === 0 ? "" : `${hits[i]}/${totals[i]}`)),
    ]);
  });
  return table(`${caption}: right of all, by class`, [what, "items", "share right", ...labels], rows);
}

/** Errors and losses of each set's probabilities, before and after the temperature. */
export function calibrationTable({ select, tests }: RunCalibration): string {
  const rows = Object.entries({ select, ...tests }).flatMap(([set, { before, after }]) =>
    [
      { name: set, of: before },
      { name: `${set}, at the temperature`, of: after },
    ].map(({ name, of }) =>
      row(
        name,
        [of.ece, of.classwiseEce, of.brier, of.loss].map((value) => shown(value)),
      ),
    ),
  );
  const caption =
    "Calibration error: mean distance of confidence and accuracy, 15 bins of equal width; Brier score, 0 to 2";
  return table(caption, ["set", "error", "error by class", "Brier score", "loss (nats)"], rows);
}

/** More patients stand in a part that opens. */
const LEAKS_SHOWN = 6;

/** Each patient on both sides of the split, with examples by role; nothing for a clean split. */
export function leakTable(patients: readonly LeakedPatient[]): string {
  if (patients.length === 0) return "";
  const caption = "Patients on both sides of the split: items in train, select and test";
  const rows = patients.map(({ patient, train, select, test }) => row(patient, [train, select, test].map(String)));
  const whole = table(caption, ["patient", "train", "select", "test"], rows);
  if (patients.length <= LEAKS_SHOWN) return whole;
  return `<details><summary>${patients.length} patients on both sides of the split</summary>${whole}</details>`;
}

function row(name: string, cells: readonly string[]): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td class="number">${cell}</td>`).join("")}</tr>`;
}

function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const [first, ...others] = heads.map(escapeHtml);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table class="small"><caption>${escapeHtml(caption)}</caption>
<thead><tr><th scope="col">${first}</th>${others.map((head) => `<th scope="col" class="number">${head}</th>`).join("")}</tr></thead>
<tbody>${rows.join("")}</tbody></table></div>`;
}
