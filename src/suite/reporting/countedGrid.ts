import { escapeHtml } from "../html.js";
import type { ReportModel } from "./reportModel.js";
import { columnLabel } from "./reportTable.js";
import { shownOurs, shownPrinted } from "./shownNumber.js";

/** A table that is counted from annotations, as it is printed: where count and print differ, both. */
export function countedGrid({ cells, counted }: ReportModel): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Map(cells.map((cell) => [cell.column, columnLabel(cell)]))];
  const body = rows.map((row) => {
    const own = columns.map(([column]) => {
      const cell = cells.find((one) => one.row === row && one.column === column);
      if (!cell) return "<td></td>";
      const print = shownPrinted(cell.printed, cell);
      if (cell.ours === null && cell.printed === null) return `<td class="number quiet">–</td>`;
      if (cell.ours === null) return `<td class="number quiet">${print}<span class="range">not counted</span></td>`;
      if (cell.verdict === "reproduced") return `<td class="number">${print}</td>`;
      if (cell.verdict === "not printed")
        return `<td class="number">${shownOurs(cell.ours.mean, cell)}<span class="range">not printed</span></td>`;
      return `<td class="number flagged">${print}<span class="range">counted ${shownOurs(cell.ours.mean, cell)}</span></td>`;
    });
    return `<tr><th scope="row">${escapeHtml(row)}</th>${own.join("")}</tr>`;
  });
  const flags = cells.filter(({ verdict }) => verdict === "above" || verdict === "below");
  const list = flags.map(
    (cell) =>
      `<li><strong>${escapeHtml(`${cell.row}, ${cell.column}`)}</strong>: printed ${shownPrinted(cell.printed, cell)}, counted ${shownOurs(cell.ours?.mean, cell)}. ${escapeHtml(cell.why)}</li>`,
  );
  const sources = (counted?.datasets ?? []).map(
    ({ name, from, recordings, madeUp }) =>
      `${madeUp ? "made-up sounds in the layout of " : ""}${name}: ${recordings} recordings, from ${from}`,
  );
  const missing = [...new Set(cells.filter(({ ours }) => ours === null).map(({ why }) => why))];
  return `<div class="scroll" tabindex="0" role="region" aria-label="Printed and counted"><table>
<caption>Printed numbers; a cell that says what was counted differs from print at its printed precision.</caption>
<thead><tr><th scope="col">row</th>${columns.map(([, label]) => `<th scope="col" class="number">${escapeHtml(label)}</th>`).join("")}</tr></thead>
<tbody>${body.join("")}</tbody></table></div>
${sources.length > 0 ? `<p class="quiet">Counted: ${escapeHtml(sources.join("; "))}.</p>` : ""}
${missing.length > 0 ? `<p class="quiet">${missing.map(escapeHtml).join("; ")}</p>` : ""}
${list.length > 0 ? `<h3>Where print and count differ</h3><ul>${list.join("")}</ul>` : ""}`;
}
