import { moved, type TimeView } from "../listening/timeView.js";
import { LEFT, RIGHT } from "./canvasFrame.js";

/** What a pointer over the pictures asks for. Shares are of their width, from 0 to 1. */
export interface PointerActions {
  /** What is shown now, and of how many seconds; undefined where nothing is. */
  shown(): { view: TimeView; seconds: number } | undefined;
  /** It was dragged so far. */
  drag(view: TimeView): void;
  /** It is over this second; undefined: over none. */
  point(seconds: number | undefined): void;
  click(seconds: number): void;
  zoom(factor: number, at: number): void;
  move(share: number): void;
}

/** Pixels that a hand trembles by: what moves less is a click. */
const TREMBLE = 4;

export function listenToPointer(box: HTMLElement, actions: PointerActions): void {
  let dragged: { x: number; view: TimeView; moved: boolean } | undefined;
  const width = () => Math.max(1, box.clientWidth - LEFT - RIGHT);
  const shareAt = (event: MouseEvent) => (event.clientX - box.getBoundingClientRect().left - LEFT) / width();
  const secondsAt = (event: MouseEvent, { fromSeconds, toSeconds }: TimeView) =>
    fromSeconds + shareAt(event) * (toSeconds - fromSeconds);
  box.onpointerdown = (event) => {
    const shown = actions.shown();
    if (shown && event.button === 0) dragged = { x: event.clientX, view: shown.view, moved: false };
  };
  box.onpointermove = (event) => {
    const shown = actions.shown();
    if (!shown) return;
    if (dragged && Math.abs(event.clientX - dragged.x) > TREMBLE && !dragged.moved) {
      dragged.moved = true;
      box.setPointerCapture(event.pointerId);
    }
    if (dragged?.moved) actions.drag(moved(dragged.view, shown.seconds, (dragged.x - event.clientX) / width()));
    const share = shareAt(event);
    actions.point(share >= 0 && share <= 1 ? secondsAt(event, actions.shown()!.view) : undefined);
  };
  box.onpointerleave = () => actions.point(undefined);
  box.onpointerup = (event) => {
    const shown = actions.shown();
    if (dragged && !dragged.moved && shown) actions.click(secondsAt(event, shown.view));
    dragged = undefined;
  };
  box.onpointercancel = () => {
    dragged = undefined;
  };
  box.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey)
        actions.zoom(2 ** (event.deltaY / 200), Math.max(0, Math.min(1, shareAt(event))));
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) actions.move(event.deltaX / width());
      else return; // the page scrolls
      event.preventDefault();
    },
    { passive: false },
  );
}
