import { confusion } from "../../figures/confusion.js";
import { type CurvesData, curves } from "../../figures/curves.js";
import type { Figure } from "../../figures/figure.js";
import { intervals } from "../../figures/intervals.js";
import { reliability } from "../../figures/reliability.js";
import type { FigureOptions } from "../../figures/theme.js";
import { caveatWords } from "../caveats.js";
import { escapeHtml, jsonForScript } from "../html.js";
import { shareOfUnit } from "../printedScore.js";
import { figureOfPicture } from "./pictureFigure.js";
import type { EntryPicture, ReportModel, ReportRun } from "./reportModel.js";
import { rowLabel } from "./reportTable.js";
import { unitWords } from "./shownNumber.js";

/** A still picture, and where the page can draw it the same as a live one, when the reader asks for it. */
export function figureHtml(figure: Figure, live: boolean): string {
  const still = `<div class="still">${figure.svg("page")}</div>`;
  if (!live) return `<figure>${still}</figure>`;
  const figures = jsonForScript({ light: figure.plotly("light"), dark: figure.plotly("dark") });
  return `<figure>${still}<div class="live"></div>` + `<script type="application/json">${figures}</script></figure>`;
}

function noteOf(run: ReportRun): Pick<FigureOptions, "note"> {
  const note = [run.madeUp ? "made-up sounds" : "", caveatWords(run.caveats)].filter(Boolean).join(", ");
  return note ? { note } : {};
}

/** The forest plot holds so many rows at most; the table has them all. */
const MOST_ROWS = 40;

/** Ours with its interval beside print, a plot for each unit; nothing where none of ours is there. */
export function cellsFigure(model: ReportModel, live: boolean): string {
  const having = model.cells.filter(
    (cell) => typeof cell.ours?.mean === "number" && shareOfUnit(cell.unit) !== undefined,
  );
  const plots = [...new Set(having.map(({ unit }) => unit))].map((unit) => {
    const own = having.filter((cell) => cell.unit === unit).slice(0, MOST_ROWS);
    const rows = own.map((cell) => ({
      label: [rowLabel(cell), cell.column, caveatWords(cell.caveats)].filter(Boolean).join(", "),
      printed: cell.printed,
      ours: { ...cell.ours!, mean: cell.ours!.mean! },
    }));
    const compared = own.some((cell) => cell.verdict === "not comparable");
    const note = [model.madeUp ? "made-up sounds" : "", compared ? "not comparable: see the table" : ""]
      .filter(Boolean)
      .join("; ");
    const options = { title: "Ours and printed", ...(note && { note }) };
    const xLabel = unit === "share" ? `${model.metric} (0 to 1)` : `${model.metric} (${unitWords(unit)})`;
    return figureHtml(intervals({ rows, xLabel }, options), live);
  });
  return plots.length > 0 ? `<div class="figures wide">${plots.join("")}</div>` : "";
}

/** Matrices of more classes take the page's width, for their numbers to be read. */
const MOST_CLASSES_BESIDE = 5;

/** An entry's own pictures, and which are missing with the command that makes each. */
export function picturesHtml({ pictures = [], missingPictures = [] }: ReportModel, live: boolean): string {
  const ofTask = (task: string) => pictures.filter((picture) => picture.task === task);
  const tasks = [...new Set(pictures.map(({ task }) => task))];
  const alone = tasks.filter((task) => ofTask(task).length === 1);
  const rows = [...tasks.map(ofTask).filter((own) => own.length > 1), alone.flatMap(ofTask)];
  const drawn = rows
    .filter((row) => row.length > 0)
    .map((row) => {
      const wide = row.every((one) => one.kind !== "confusion" || one.matrix.labels.length > MOST_CLASSES_BESIDE);
      return `<div class="figures${wide ? " wide" : ""}">${row.map((one) => pictureHtml(one, live)).join("")}</div>`;
    });
  const missing = missingPictures.map(
    ({ what, command }) => `<li>${escapeHtml(what)}<pre><code>${escapeHtml(command)}</code></pre></li>`,
  );
  return (
    drawn.join("") + (missing.length > 0 ? `<h3>Pictures that are not here yet</h3><ul>${missing.join("")}</ul>` : "")
  );
}

function pictureHtml(picture: EntryPicture, live: boolean): string {
  return figureHtml(figureOfPicture(picture), live);
}

/** Score, loss and AUC over the epochs, each in its own figure. */
export function curveFigures(run: ReportRun, live: boolean): string {
  const wanted = [
    { metric: "score", title: "Score", yLabel: "Score (0 to 1)", yRange: [0, 1] as const },
    { metric: "loss", title: "Loss", yLabel: "cross-entropy (nats)", yRange: undefined },
    { metric: "auc", title: "AUC", yLabel: "AUC, one against the rest (0 to 1)", yRange: [0, 1] as const },
  ];
  const keys = [...new Set(run.history.flatMap((point) => Object.keys(point)))].filter((key) => key !== "epoch");
  return wanted
    .map(({ metric, title, yLabel, yRange }) => {
      const matching = keys.filter((key) => key.split(/[/._]/).pop() === metric);
      if (matching.length === 0) return "";
      const data: CurvesData = {
        series: matching.map((key) => ({
          name: key.split("/").slice(0, -1).join(" ") || key,
          epochs: run.history.map((point) => point.epoch),
          values: run.history.map((point) => point[key] ?? null),
        })),
        yLabel,
        ...(yRange && { yRange }),
        chosenEpoch: run.chosenEpoch,
      };
      const options = { title: `${title} per epoch`, ...noteOf(run) };
      return figureHtml(curves(data, options), live);
    })
    .join("");
}

/** The confusion matrix of each set. */
export function confusionFigures(run: ReportRun, live: boolean): string {
  return Object.entries(run.confusionBySet)
    .map(([set, matrix]) => {
      const options = { title: `Confusion, ${set}`, ...noteOf(run) };
      return figureHtml(confusion(matrix, options), live);
    })
    .join("");
}

/** Each test set's reliability, as the model's probabilities come and at the fitted temperature. */
export function reliabilityFigures(run: ReportRun, live: boolean): string {
  return Object.entries(run.calibration?.tests ?? {})
    .flatMap(([set, { before, after }]) => [
      { bins: before.bins, title: `Reliability, ${set}` },
      { bins: after.bins, title: `Reliability, ${set}, at the fitted temperature` },
    ])
    .map(({ bins, title }) => figureHtml(reliability(bins, { title, ...noteOf(run) }), live))
    .join("");
}

/** Draws the live figures when asked, in the colours of the page. */
export function liveScript(plotlyScript: string): string {
  const inlined = plotlyScript.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");
  return `<script>${inlined}</script><script>
(() => {
  const button = document.querySelector(".switch");
  if (!window.Plotly || !button) return;
  button.hidden = false;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let live = false;
  const draw = () => {
    for (const figure of document.querySelectorAll("figure")) {
      figure.classList.toggle("is-live", live);
      const target = figure.querySelector(".live");
      if (!live) { Plotly.purge(target); continue; }
      const chosen = JSON.parse(figure.querySelector("script").textContent)[dark.matches ? "dark" : "light"];
      Plotly.react(target, chosen.data, chosen.layout, chosen.config);
    }
    button.setAttribute("aria-pressed", String(live));
    button.textContent = live ? "Show still figures" : "Show interactive figures";
  };
  button.addEventListener("click", () => { live = !live; draw(); });
  dark.addEventListener("change", () => { if (live) draw(); });
})();
</script>`;
}

/** The button that `liveScript` brings to life; hidden where there is no script. */
export const liveSwitch = `<button type="button" class="switch" aria-pressed="false" hidden>${escapeHtml("Show interactive figures")}</button>`;
