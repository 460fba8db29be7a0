import type { StretchResult } from "../listening/results.js";
import { clockText } from "../listening/ticks.js";
import { wholeView } from "../listening/timeView.js";
import { addAnswers, answersOf, type Item } from "./item.js";
import { showLive } from "./liveLine.js";
import { stopMeasuring } from "./measuring.js";
import type { FromWorker } from "./messages.js";
import { stopRecording } from "./recorder.js";
import { announcer, problem, statusUnlessBad } from "./saying.js";
import { showNew } from "./showing.js";
import { state, unanswered } from "./state.js";

/** What the worker says of one recording. */
export type AboutItem = Extract<FromWorker, { type: "opened" | "passed" | "results" | "behind" | "failed" | "done" }>;

/** What is said of work that was given up since is not listened to. */
export function hearAbout(data: AboutItem): void {
  const item = state.items.find(({ job }) => job === data.id);
  if (item) about(item, data);
  showNew(item);
}

function about(item: Item, data: AboutItem): void {
  if (data.type === "opened") {
    const { sampleRateHz, seconds, form, notes, marks, recordLabel, cut } = data;
    if (item.seconds !== seconds) item.view = wholeView(seconds);
    Object.assign(item, { sampleRateHz, seconds, form, notes, marks, cut, state: "running" });
    if (recordLabel !== undefined) item.recordLabel = recordLabel;
  } else if (data.type === "passed") item.passedSeconds = data.seconds;
  else if (data.type === "results") {
    addAnswers(answersOf(item, data.precision), data.results);
    if (item.source === "microphone" && item === state.shown) announceLive(data.results);
  } else if (data.type === "behind") {
    item.behindSeconds = data.seconds;
    item.dropped = data.dropped;
    showLive(item);
  } else if (data.type === "failed") failed(item, data.message);
  else done(item, data);
}

function done(item: Item, { notes, tookMs, precision: of }: Extract<FromWorker, { type: "done" }>): void {
  const answers = answersOf(item, of);
  answers.isComplete = true;
  answers.tookMs = tookMs;
  for (const note of notes) if (!item.notes.includes(note)) item.notes.push(note);
  item.state = "done";
  if (item.source === "microphone") {
    item.behindSeconds = 0;
    statusUnlessBad(`Recorded ${clockText(item.seconds, 1)}.`);
  }
  const left = unanswered();
  announcer.urgent(`${item.name}: ${foundText(item)}${left > 0 ? ` ${left} left.` : ""}`, performance.now());
  if (left === 0 && !state.recording && item.source === "file") statusUnlessBad("Ready.");
}

function foundText(item: Item): string {
  const { cycles, whole, windows } = answersOf(item, item.precision);
  if (whole[0]) return `${whole[0].label}.`;
  const found = cycles.length > 0 ? cycles : windows;
  const counts = new Map<string, number>();
  for (const { label } of found) counts.set(label, (counts.get(label) ?? 0) + 1);
  const what = cycles.length > 0 ? `${state.model?.unit ?? "cycle"}s` : "windows";
  return `${found.length} ${what}: ${[...counts].map(([label, count]) => `${label} ${count}`).join(", ")}.`;
}

function announceLive(results: readonly StretchResult[]): void {
  const told = results.findLast(({ kind }) => kind === "cycle") ?? results.at(-1);
  if (told) announcer.tell(`${clockText(told.endSeconds)}: ${told.label}`, performance.now());
}

/** A recording that cannot be used, and why. */
export function failed(item: Item, message: string): void {
  const sentence = message.startsWith(item.name) ? message : `${item.name}: ${message}`;
  item.state = "failed";
  item.problem = sentence;
  stopMeasuring(item);
  if (state.recording?.item === item) void stopRecording();
  problem(sentence);
}
