import type { ProgressReport } from "../training/workMeter.js";
import { escapeHtml, newSlot, show } from "./display.js";

/** A bar in the cell's output that moves; more often than four times a second it does not. */
export function progressBar(): (progress: ProgressReport) => void {
  const slot = newSlot();
  let last = 0;
  return ({ phase, fraction, secondsLeft, detail }) => {
    const now = performance.now();
    if (now - last < 250 && fraction < 1) return;
    last = now;
    const left = secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left`;
    const text = `${phase}: ${detail}${left}`;
    const bar = `<progress max="1" value="${fraction.toFixed(3)}" style="width:100%;max-width:40em"></progress>`;
    const html = `<div>${bar}<div style="font-variant-numeric:tabular-nums">${escapeHtml(text)}</div></div>`;
    show({ "text/html": html, "text/plain": text }, slot);
  };
}

/** Aborted by the next interrupt of the kernel: tslab ends the cell, but not what the cell has started. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  return controller.signal;
}
