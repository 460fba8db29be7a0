import type { StretchResult } from "../listening/results.js";
import {
  closeTo,
  LIVE_SECONDS,
  liveView,
  moved,
  showing,
  type TimeView,
  wholeView,
  zoomed,
} from "../listening/timeView.js";
import { AnswersTable } from "./answersTable.js";
import { drawCursor } from "./cursorPicture.js";
import { describeItem, namePictures } from "./describing.js";
import { part, say } from "./elements.js";
import { answersOf, type Item } from "./item.js";
import { drawLanes } from "./lanesPicture.js";
import { makeLegend, showValues } from "./legend.js";
import { Looking } from "./looking.js";
import type { ListeningModel } from "./messages.js";
import { Player } from "./player.js";
import { drawPlot } from "./plotPicture.js";
import { listenToPointer } from "./pointer.js";
import type { Scene } from "./scene.js";
import { drawSeenBeneath } from "./seenPicture.js";
import { type Colours, coloursNow } from "./seriesStyle.js";
import { drawSpectrum } from "./spectrumPicture.js";
import { showSummary } from "./summary.js";
import { drawWave } from "./wavePicture.js";
import { ask } from "./workers.js";

/** Between two pictures of a recording that grows; with less motion wished for, once a second. */
const LIVE_MS = 80;
const STILL_MS = 1000;

/** Shows one recording: pictures over time, numbers, table; and what a hand does to them. */
export class Viewer {
  readonly looking = new Looking(ask, { change: () => this.refresh(), begun: () => this.lookAtSomething() });
  private item: Item | undefined;
  private model: ListeningModel | undefined;
  private table: AnswersTable | undefined;
  private colours: Colours = coloursNow();
  private pointerSeconds: number | undefined;
  private drawnAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly player = new Player(() => this.drawCursor());
  private readonly pictures = part("pictures");
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");

  constructor() {
    // What moves by keys can be reached by them.
    for (const id of ["pictures", "scroll"]) part(id).tabIndex = 0;
    const redraw = () => {
      this.colours = coloursNow();
      if (this.model) makeLegend(this.model, this.colours);
      this.refresh();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new ResizeObserver(() => this.refresh()).observe(this.pictures);
    part("closer").onclick = () => this.zoom(0.5);
    part("farther").onclick = () => this.zoom(2);
    part("whole").onclick = () => this.whole();
    part("follow").onclick = () => this.follow();
    document.addEventListener("wanted", () => this.refresh());
    listenToPointer(this.pictures, {
      shown: () => this.item,
      drag: (view) => {
        this.item!.view = view;
        this.refresh(false);
      },
      point: (seconds) => {
        this.pointerSeconds = seconds;
        this.drawCursor();
      },
      click: (seconds) => this.clicked(seconds),
      zoom: (factor, at) => this.zoom(factor, at),
      move: (share) => this.move(share),
    });
  }

  useModel(model: ListeningModel): void {
    this.model = model;
    this.table = new AnswersTable(model, (result) => this.choose(result));
    makeLegend(model, this.colours);
    this.looking.useModel(model);
    const { windowSeconds, unit } = model;
    say(
      part("plot-note"),
      `Each point stands in the middle of its window of ${windowSeconds} s.${unit === "recording" ? "" : ` ${unit === "event" ? "Events" : "Cycles"} are tinted in turn.`} Probabilities ${model.identity.calibrated ? "are calibrated" : "are not calibrated"}.`,
    );
    this.refresh();
  }

  show(item: Item | undefined): void {
    if (this.item?.id !== item?.id) this.player.show(item);
    this.item = item;
    this.pointerSeconds = undefined;
    this.refresh();
  }

  /** Draws soon: of what grows, no more often than can be looked at. */
  refresh(now = true): void {
    const wait = now ? 0 : Math.max(0, this.drawnAt + (this.calm.matches ? STILL_MS : LIVE_MS) - performance.now());
    if (this.timer !== undefined && !now) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, wait);
  }

  zoom(factor: number, at = 0.5): void {
    this.changeView((view, seconds, item) => {
      if (!view.follows) return zoomed(view, seconds, factor, at);
      const length = Math.min(120, Math.max(2, (view.toSeconds - view.fromSeconds) * factor));
      return liveView(item.seconds, length);
    });
  }

  move(share: number): void {
    this.changeView((view, seconds) => moved(view, seconds, share));
  }

  whole(): void {
    this.changeView((_, seconds) => wholeView(seconds));
  }

  follow(): void {
    if (this.item?.source !== "microphone" || this.item.state !== "running") return;
    this.changeView((_, __, item) => liveView(item.seconds, LIVE_SECONDS));
  }

  /** The cycle (or window) after the one that is chosen, or before it. */
  step(by: 1 | -1): void {
    const { item, model } = this;
    if (!item || !model) return;
    const { windows, cycles } = answersOf(item, item.precision);
    const list = cycles.length > 0 ? cycles : windows;
    const at = item.chosen ? list.indexOf(item.chosen) : -1;
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
    if (next) this.choose(next);
  }

  /** At what is chosen, or the first that begins within what is shown. */
  private lookAtSomething(): void {
    const { item } = this;
    if (!item) return;
    const { windows, cycles, whole } = answersOf(item, item.precision);
    const list = [whole, cycles, windows].find(({ length }) => length > 0) ?? [];
    const first = list.find(({ startSeconds }) => startSeconds >= item.view.fromSeconds);
    const next = item.chosen ?? first ?? list.at(-1);
    if (next) this.choose(next);
  }

  choose(result: StretchResult): void {
    const { item } = this;
    if (!item) return;
    item.chosen = result;
    const view = this.looking.isOn ? closeTo : showing;
    item.view = view(item.view, item.seconds, result.startSeconds, result.endSeconds);
    this.player.seek(result.startSeconds);
    const select = part<HTMLSelectElement>("kind");
    if (select.value !== result.kind) select.value = result.kind;
    this.draw();
    this.table?.reveal(item, result);
  }

  togglePlay(): void {
    this.player.toggle();
  }

  private changeView(change: (view: TimeView, seconds: number, item: Item) => TimeView): void {
    const { item } = this;
    if (!item) return;
    item.view = change(item.view, item.seconds, item);
    this.refresh();
  }

  private draw(): void {
    const { item, model } = this;
    this.drawnAt = performance.now();
    part("empty").hidden = item !== undefined;
    part("shown").hidden = item === undefined;
    say(part("viewer-title"), item?.name ?? "No recording yet");
    if (!item) return;
    if (item.view.follows) item.view = liveView(item.seconds, item.view.toSeconds - item.view.fromSeconds);
    describeItem(item);
    const failed = item.state === "failed" && item.seconds === 0;
    for (const id of ["pictures", "legend", "plot-note", "summary", "table"]) part(id).hidden = failed;
    part("looking").hidden = failed || !model?.seen;
    for (const box of document.querySelectorAll<HTMLElement>("#shown .toolbar, #shown .table-head, #shown .scroll"))
      box.hidden = failed;
    if (failed || !model) {
      part("more").hidden = true;
      if (failed) return;
    }
    if (model) this.looking.show(item);
    const scene = this.scene(item);
    part("lanes").classList.toggle("both", item.marks.length > 0);
    part("lanes").hidden = model?.unit === "recording" && item.marks.length === 0;
    drawWave(part<HTMLCanvasElement>("wave"), this.colours, scene);
    drawSpectrum(part<HTMLCanvasElement>("spectrum"), this.colours, scene);
    this.drawSeen(scene);
    if (!part("lanes").hidden) drawLanes(part<HTMLCanvasElement>("lanes"), this.colours, scene);
    drawPlot(part<HTMLCanvasElement>("plot"), this.colours, scene);
    this.drawCursor();
    const follow = part("follow");
    follow.hidden = item.source !== "microphone" || item.state !== "running";
    follow.setAttribute("aria-pressed", String(item.view.follows));
    if (!model) return;
    showSummary(item, model);
    this.table?.show(item);
    namePictures(item, scene);
  }

  private scene(item: Item): Scene {
    const { windows, cycles } = answersOf(item, item.precision);
    const { outputs, labels } = this.model?.identity ?? { outputs: [], labels: [] };
    return {
      ...{ view: item.view, peaks: item.peaks, columns: item.columns, seconds: item.seconds },
      ...{ windows, cycles, marks: item.marks, outputs, labels, chosen: item.chosen },
      playheadSeconds: this.player.seconds,
      pointerSeconds: this.pointerSeconds,
      seen: this.looking.sceneFor(item.view),
    };
  }

  /** Beneath the spectrogram: what the model looked at, where that is not on it. */
  private drawSeen({ seen }: Scene): void {
    const canvas = part<HTMLCanvasElement>("seen");
    canvas.hidden = !seen || seen.form === "spectrum";
    canvas.classList.toggle("strip", seen?.form === "strip");
    if (seen && !canvas.hidden) drawSeenBeneath(canvas, this.colours, seen);
  }

  private drawCursor(): void {
    const { item } = this;
    if (!item || item.state === "failed") return;
    const scene = this.scene(item);
    drawCursor(part<HTMLCanvasElement>("cursor"), this.colours, scene);
    const { windows, cycles, pointerSeconds } = scene;
    const list = windows.length > 0 ? windows : cycles;
    const middle = ({ startSeconds, endSeconds }: StretchResult) => (startSeconds + endSeconds) / 2;
    const nearest =
      pointerSeconds === undefined
        ? list.at(-1)
        : list.reduce<StretchResult | undefined>(
            (best, one) =>
              !best || Math.abs(middle(one) - pointerSeconds) < Math.abs(middle(best) - pointerSeconds) ? one : best,
            undefined,
          );
    showValues(nearest);
  }

  private clicked(seconds: number): void {
    const item = this.item!;
    this.player.seek(Math.max(0, Math.min(item.seconds, seconds)));
    const { cycles } = answersOf(item, item.precision);
    const hit = cycles.find(({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < endSeconds);
    if (hit) {
      item.chosen = hit;
      this.draw();
      this.table?.reveal(item, hit);
    } else this.drawCursor();
  }
}
