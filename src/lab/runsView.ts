import type { RunRecord } from "../suite/runRecord.js";
import { AtMostEvery } from "./atMostEvery.js";
import { curvePanels, thinned } from "./curvePanels.js";
import { newSlot, show, showHtml } from "./display.js";
import type { NamedRun, TrainingReport } from "./trainChild.js";
import {
  noteOf,
  nothingYet,
  takeIn,
  type Watched,
  type WatchedRun,
  watchedHtml,
  watchedText,
  whereTheyDiffer,
} from "./watchedRuns.js";

/** Often enough to watch, and seldom enough for a slow line. */
const EVERY_MS = 1000;

/**
 * What a cell shows of the runs that it waits for, in outputs that change in place: how far they are, and the curves of the run under
 * way as small pictures, which figures replace at the end.
 */
export class RunsView {
  private readonly watched: Watched = nothingYet();
  private readonly status = newSlot();
  private readonly pictures = newSlot();
  private readonly read: (run: NamedRun) => RunRecord | undefined;
  private readonly redraw = new AtMostEvery(EVERY_MS, () => this.draw());
  private drawn: unknown;

  /** @param read the record of a run that is done */
  constructor(read: (run: NamedRun) => RunRecord | undefined) {
    this.read = read;
    this.redraw.now();
  }

  get records(): RunRecord[] {
    return this.watched.runs.flatMap(({ record }) => record ?? []);
  }

  get failed(): WatchedRun[] {
    return this.watched.runs.filter(({ state }) => state === "failed");
  }

  take(report: TrainingReport): void {
    takeIn(this.watched, report, this.read);
    this.redraw.ask();
  }

  /** Somebody has asked the runs to stop. */
  stopping(): void {
    this.watched.phase = "stopping";
    this.redraw.now();
  }

  /** Nothing more will be told. */
  end(): void {
    for (const run of this.watched.runs) if (run.state === "training") run.state = "stopped";
    this.watched.phase = "ended";
    this.redraw.now();
    const seen = this.watched.runs.filter(({ history }) => history.length > 0);
    const names = whereTheyDiffer(seen.map(({ name }) => name));
    const runs = seen.map(({ history, record }, index) => ({
      name: names[index]!,
      history,
      ...(record && { chosenEpoch: record.result.chosenEpoch }),
    }));
    curvePanels(runs, noteOf(this.watched)).forEach((figure, index) => {
      show(figure, index === 0 ? this.pictures : undefined);
    });
  }

  private draw(): void {
    const { watched, status, pictures } = this;
    show({ "text/html": watchedHtml(watched), "text/plain": watchedText(watched) }, status);
    const run = watched.runs[watched.current];
    if (!run || run.history.length === 0 || run.history === this.drawn) return;
    this.drawn = run.history;
    const { name, history } = run;
    const images = curvePanels([{ name, history: thinned(history) }], noteOf(watched)).map((figure) => {
      const source = `data:image/svg+xml;base64,${Buffer.from(figure.svg("clear")).toString("base64")}`;
      return `<img alt="learning curves" src="${source}" style="flex:1 1 20em;min-width:0;max-width:30em">`;
    });
    showHtml(`<div style="display:flex;flex-wrap:wrap">${images.join("")}</div>`, pictures);
  }
}
