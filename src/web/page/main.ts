import { Announcer } from "../listening/announcer.js";
import { pairFiles, stemOf } from "../listening/pairs.js";
import type { Precision, StretchResult } from "../listening/results.js";
import { resultsCsv } from "../listening/resultsCsv.js";
import { resultsJson } from "../listening/resultsJson.js";
import { clockText } from "../listening/ticks.js";
import { wholeView } from "../listening/timeView.js";
import { download } from "./download.js";
import { bindDropping } from "./dropping.js";
import { make, part, say } from "./elements.js";
import { addAnswers, answersOf, exported, type Item, newItem } from "./item.js";
import type { FromMeter, FromWorker, ListeningModel, ToMeter, ToWorker } from "./messages.js";
import { listMicrophones, type Microphone, openMicrophone, prepareMicrophone } from "./microphone.js";
import { RecordingList } from "./recordingList.js";
import { bindShortcuts } from "./shortcuts.js";
import { Viewer } from "./viewer.js";

const worker = new Worker("worker.js", { type: "module" });
const meter = new Worker("meter.js", { type: "module" });
const ask = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
const askMeter = (message: ToMeter, transfer: Transferable[] = []) => meter.postMessage(message, transfer);

let model: ListeningModel | undefined;
let precision: Precision = "float32";
let hopSeconds = 1;
const items: Item[] = [];
let shown: Item | undefined;
let numbers = 0;
/** The microphone that listens, or the promise of one. */
let recording: { item?: Item; microphone?: Microphone } | undefined;

const viewer = new Viewer();
const list = new RecordingList({ choose, remove });
const announcer = new Announcer((text) => {
  part("announcer").textContent = text;
});
setInterval(() => announcer.tick(performance.now()), 1000);

// ---- What the model's worker says --------------------------------------------------------------------------------------------

worker.onerror = (event) =>
  refused(`The page's worker has failed: ${event.message || "it could not be loaded"}. Reload the page.`);
worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
  if (data.type === "ready") ready(data.model);
  else if (data.type === "refused") refused(data.message);
  else if (data.type === "loading") {
    if (!model) status(`The model is loaded: ${data.what}, ${Math.round(100 * data.fraction)} %`);
  } else if (data.type === "speed") say(part(`speed-${data.precision}`), speedText(data.msPerSecond));
  else if (data.type === "measured") measured();
  else if (data.type === "fetched") void fetched();
  else if (data.type === "failedPrecision") problem(`${data.precision} cannot be used: ${data.message}`);
  else {
    const item = items.find(({ job }) => job === data.id);
    if (item) about(item, data);
    list.show(items, shown?.id);
    if (item && item === shown) viewer.refresh(false);
  }
};

type AboutItem = Extract<FromWorker, { id: number }>;

function about(item: Item, data: AboutItem): void {
  if (data.type === "opened") {
    const { sampleRateHz, seconds, form, notes, marks, recordLabel, cut } = data;
    if (item.seconds !== seconds) item.view = wholeView(seconds);
    Object.assign(item, { sampleRateHz, seconds, form, notes, marks, cut, state: "running" });
    if (recordLabel !== undefined) item.recordLabel = recordLabel;
  } else if (data.type === "passed") item.passedSeconds = data.seconds;
  else if (data.type === "results") {
    addAnswers(answersOf(item, data.precision), data.results);
    if (item.source === "microphone" && item === shown) announceLive(data.results);
  } else if (data.type === "behind") {
    item.behindSeconds = data.seconds;
    item.dropped = data.dropped;
    showLive(item);
  } else if (data.type === "failed") failed(item, data.message);
  else done(item, data);
}

/** Ready, unless something went wrong that is yet to be read. */
function statusUnlessBad(text: string): void {
  if (!part("status").classList.contains("bad")) status(text);
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
  const left = items.filter(({ state }) => state === "waiting" || state === "running").length;
  announcer.urgent(`${item.name}: ${foundText(item)}${left > 0 ? ` ${left} left.` : ""}`, performance.now());
  if (left === 0 && !recording && item.source === "file") statusUnlessBad("Ready.");
}

function foundText(item: Item): string {
  const { cycles, whole, windows } = answersOf(item, item.precision);
  if (whole[0]) return `${whole[0].label}.`;
  const list = cycles.length > 0 ? cycles : windows;
  const counts = new Map<string, number>();
  for (const { label } of list) counts.set(label, (counts.get(label) ?? 0) + 1);
  const what = cycles.length > 0 ? `${model?.unit ?? "cycle"}s` : "windows";
  return `${list.length} ${what}: ${[...counts].map(([label, count]) => `${label} ${count}`).join(", ")}.`;
}

function announceLive(results: readonly StretchResult[]): void {
  const told = results.findLast(({ kind }) => kind === "cycle") ?? results.at(-1);
  if (told) announcer.tell(`${clockText(told.endSeconds)}: ${told.label}`, performance.now());
}

function failed(item: Item, message: string): void {
  const sentence = message.startsWith(item.name) ? message : `${item.name}: ${message}`;
  item.state = "failed";
  item.problem = sentence;
  askMeter({ type: "drop", id: item.job });
  if (recording?.item === item) void stopRecording();
  problem(sentence);
}

// ---- The model ----------------------------------------------------------------------------------------------------------------

function ready(given: ListeningModel): void {
  model = given;
  const { identity, card, caveats, precisions } = given;
  say(
    part("model-line"),
    `${[identity.experiment, identity.row].filter(Boolean).join(" \u00b7 ")} \u00b7 ${identity.labels.join(", ")}`,
  );
  part("card").replaceChildren(
    make("dl", {}, ...card.map(({ term, text }) => make("div", {}, make("dt", {}, term), make("dd", {}, text)))),
  );
  part("caveats").replaceChildren(...caveats.flatMap((text) => [make("p", {}, text), " "]));
  const there = precisions.map((one) => one.precision);
  if (!there.includes(precision)) precision = there[0]!;
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=precision]")) {
    const own = precisions.find((one) => one.precision === radio.value);
    radio.disabled = !own;
    radio.checked = radio.value === precision;
    const speed = part(`speed-${radio.value}`);
    if (own) speed.title = `${(own.bytes / 1e6).toFixed(1)} MB`;
    else say(speed, "not in this export");
  }
  hopSeconds = given.hopSeconds;
  part<HTMLSelectElement>("hop").value = String(hopSeconds);
  part<HTMLSelectElement>("hop").disabled = false;
  for (const id of ["record", "open"]) part<HTMLButtonElement>(id).disabled = false;
  part<HTMLFieldSetElement>("precision").disabled = false;
  document.title = `${identity.row || identity.experiment} \u2013 auscult listen`;
  status("Ready.");
  viewer.useModel(given);
  if (early.length > 0) addFiles(early.splice(0));
}

/** Says when the server is needed no more. */
async function fetched(): Promise<void> {
  if (await prepareMicrophone()) part("offline").hidden = false;
}

function refused(message: string): void {
  say(part("model-line"), "No model");
  for (const item of items) if (item.state !== "done") failed(item, "The model could not be loaded.");
  for (const id of ["record", "open"]) part<HTMLButtonElement>(id).disabled = true;
  problem(message);
}

function speedText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s, too slow`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

// ---- Files --------------------------------------------------------------------------------------------------------------------

/** Dropped before the model was there. */
const early: File[] = [];

function addFiles(files: readonly File[]): void {
  if (!model) {
    early.push(...files);
    status(`The model is loaded; ${early.length} files wait for it.`);
    return;
  }
  const { pairs, lonely } = pairFiles(files);
  const added = pairs.map(({ recording: file, annotation }) => {
    const item = newItem(++numbers, file.name, "file", precision, hopSeconds);
    item.file = file;
    if (annotation) item.annotation = annotation;
    items.push(item);
    begin(item);
    return item;
  });
  for (const annotation of lonely) annotate(annotation);
  if (added[0]) choose(added[0].id);
  list.show(items, shown?.id);
}

/** An annotation that came after its recording. */
function annotate(annotation: File): void {
  const item = items.find(({ name, source }) => source === "file" && stemOf(name) === stemOf(annotation.name));
  if (!item) {
    problem(`${annotation.name}: no recording of that name is here; drop both together`);
    return;
  }
  item.annotation = annotation;
  item.answers.clear();
  begin(item);
}

/** Has a file answered in the present precision, from its beginning. */
function begin(item: Item): void {
  if (!item.file) return;
  if (item.state === "running" || item.state === "waiting") ask({ type: "drop", id: item.job });
  const isNew = item.job === 0;
  item.job = ++numbers;
  Object.assign(item, { precision, hopSeconds });
  item.answers.delete(precision);
  delete item.chosen;
  item.state = "waiting";
  item.passedSeconds = 0;
  const { name, file, annotation, job } = item;
  ask({
    type: "open",
    id: job,
    name,
    file,
    ...(annotation && { annotation: { name: annotation.name, file: annotation } }),
    precision,
    hopSeconds,
  });
  if (isNew) {
    meterIds.set(job, item);
    askMeter({ type: "open", id: job, file, name });
  }
  status(`${items.filter(({ state }) => state === "waiting" || state === "running").length} to answer.`);
}

function remove(id: number): void {
  const item = items.find((one) => one.id === id);
  if (!item) return;
  if (recording?.item === item) void stopRecording();
  ask({ type: "drop", id: item.job });
  for (const [job, of] of meterIds) if (of === item) askMeter({ type: "drop", id: job });
  const at = items.indexOf(item);
  items.splice(at, 1);
  const next = items[Math.min(at, items.length - 1)];
  choose(shown === item ? next?.id : shown?.id);
  if (next) list.focus(next.id);
  else part("open").focus();
}

function choose(id: number | undefined): void {
  shown = items.find((item) => item.id === id);
  viewer.show(shown);
  list.show(items, id);
}

// ---- What is measured for the pictures --------------------------------------------------------------------------------------------

const meterIds = new Map<number, Item>();
meter.onmessage = ({ data }: MessageEvent<FromMeter>) => {
  const item = meterIds.get(data.id);
  if (!item) return;
  item.peaks.append(data.peaks);
  item.columns.append(data.columns);
  if (item.source === "microphone") {
    item.seconds = data.seconds;
    showLevel(data.level);
    showLive(item);
  }
  if (item === shown) viewer.refresh(false);
};

// ---- The microphone -----------------------------------------------------------------------------------------------------------

async function toggleRecording(): Promise<void> {
  if (recording) return stopRecording();
  recording = {};
  status("The browser asks whether this page may use the microphone ...");
  try {
    const microphone = await openMicrophone(part<HTMLSelectElement>("devices").value || undefined, (why) => {
      void stopRecording();
      problem(why);
    });
    const count = items.filter(({ source }) => source === "microphone").length + 1;
    const item = newItem(++numbers, `Microphone ${count}`, "microphone", precision, hopSeconds);
    item.job = ++numbers;
    item.sampleRateHz = microphone.sampleRateHz;
    item.form = `${microphone.name} \u00b7 ${microphone.sampleRateHz / 1000} kHz`;
    items.push(item);
    recording = { item, microphone };
    const { sampleRateHz, ports } = microphone;
    meterIds.set(item.job, item);
    ask({ type: "listen", id: item.job, sampleRateHz, port: ports[0], precision, hopSeconds }, [ports[0]]);
    askMeter({ type: "listen", id: item.job, sampleRateHz, port: ports[1] }, [ports[1]]);
    showRecording(true);
    choose(item.id);
    status(`Listens to ${microphone.name}.`);
    await showDevices();
  } catch (error) {
    recording = undefined;
    showRecording(false);
    problem((error as Error).message);
  }
}

async function stopRecording(): Promise<void> {
  const ended = recording;
  recording = undefined;
  showRecording(false);
  if (ended?.item) {
    ended.item.view = { ...ended.item.view, follows: false };
    if (ended.item.view.toSeconds > ended.item.seconds) ended.item.view = wholeView(ended.item.seconds);
  }
  await ended?.microphone?.stop();
}

function showRecording(on: boolean): void {
  part("record").classList.toggle("on", on);
  say(part("record-text"), on ? "Stop" : "Record");
  part("live").hidden = !on;
  part("live-text").replaceChildren();
}

function showLevel(level: number): void {
  const db = Math.max(-60, 20 * Math.log10(Math.max(level, 1e-4)));
  part<HTMLMeterElement>("level").value = db;
}

function showLive(item: Item): void {
  if (recording?.item !== item) return;
  const { seconds, behindSeconds, dropped } = item;
  const parts: (Node | string)[] = [`${clockText(seconds, 1)} heard`];
  if (behindSeconds >= 1.5)
    parts.push(" \u00b7 ", make("span", { class: "behind" }, `behind by ${Math.round(behindSeconds)} s`));
  if (dropped > 0) parts.push(" \u00b7 ", make("span", { class: "behind" }, `${dropped} answers left out`));
  part("live-text").replaceChildren(...parts);
}

async function showDevices(): Promise<void> {
  const microphones = await listMicrophones();
  const select = part<HTMLSelectElement>("devices");
  const before = select.value;
  part("devices-label").hidden = microphones.length < 2;
  select.replaceChildren(...microphones.map(({ id, name }) => make("option", { value: id }, name)));
  if (microphones.some(({ id }) => id === before)) select.value = before;
}

navigator.mediaDevices?.addEventListener("devicechange", () => {
  if (!part("devices-label").hidden) void showDevices();
});

// ---- Precision ----------------------------------------------------------------------------------------------------------------

function usePrecision(next: Precision): void {
  if (next === precision) return;
  precision = next;
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=precision]"))
    radio.checked = radio.value === next;
  if (recording?.item) {
    recording.item.precision = next;
    ask({ type: "precision", id: recording.item.job, precision: next });
  }
  // The one that is looked at first.
  const files = items.filter(({ source, problem: why }) => source === "file" && !why);
  for (const item of [...files].sort((a, b) => Number(b === shown) - Number(a === shown))) {
    if (item.answers.get(next)?.isComplete) {
      if (item.state !== "done") ask({ type: "drop", id: item.job });
      Object.assign(item, { precision: next, state: "done" });
      delete item.chosen;
    } else begin(item);
  }
  announcer.tell(`${next}`, performance.now());
  list.show(items, shown?.id);
  viewer.refresh();
}

/** Files are answered anew; a microphone that listens goes on as it began. */
function useHop(next: number): void {
  hopSeconds = next;
  for (const item of items) {
    if (item.source !== "file" || item.problem) continue;
    item.answers.clear();
    begin(item);
  }
  list.show(items, shown?.id);
  viewer.refresh();
}

function measure(): void {
  const button = part<HTMLButtonElement>("measure");
  if (button.disabled || !model) return;
  button.disabled = true;
  say(button, "Measures ...");
  ask({ type: "measure" });
}

function measured(): void {
  const button = part<HTMLButtonElement>("measure");
  button.disabled = false;
  say(button, "Measure both");
  const of = (one: Precision) => `${one}: ${part(`speed-${one}`).textContent}`;
  announcer.urgent(`Time of answers for a second of sound. ${of("float32")}. ${of("int8")}.`, performance.now());
}

// ---- Export -------------------------------------------------------------------------------------------------------------------

function save(form: "csv" | "json"): void {
  const results = items.flatMap(exported);
  if (!model || results.length === 0) {
    problem("There is nothing to save yet.");
    return;
  }
  const now = new Date();
  const name = `auscult-${now.toISOString().slice(0, 19).replaceAll(":", "-")}.${form}`;
  if (form === "csv") download(name, resultsCsv(model.identity, results), "text/csv");
  else download(name, resultsJson(model.identity, results, now), "application/json");
  status(`Saved ${name}.`);
}

// ---- What is said, and what is pressed ------------------------------------------------------------------------------------------

function status(text: string): void {
  part("status").classList.remove("bad");
  say(part("status"), text);
}

function problem(text: string): void {
  say(part("status"), text);
  part("status").classList.add("bad");
}

/** The recording after the shown one in the list, or before it. */
function stepList(by: 1 | -1): void {
  const next = items[shown ? items.indexOf(shown) + by : 0];
  if (!next) return;
  choose(next.id);
  list.focus(next.id);
}

function openDialog(): void {
  const input = part<HTMLInputElement>("files");
  input.value = "";
  input.click();
}

const help = () => part<HTMLDialogElement>("shortcuts").showModal();
part("record").onclick = () => void toggleRecording();
part("open").onclick = openDialog;
part("help").onclick = help;
part("measure").onclick = measure;
part("csv").onclick = () => save("csv");
part("json").onclick = () => save("json");
part<HTMLInputElement>("files").onchange = ({ target }) => addFiles([...((target as HTMLInputElement).files ?? [])]);
for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=precision]"))
  radio.onchange = () => usePrecision(radio.value as Precision);
part("hop").onchange = () => useHop(Number(part<HTMLSelectElement>("hop").value));
bindDropping(addFiles);
const isReady = () => !part<HTMLButtonElement>("open").disabled;
bindShortcuts({
  r: () => isReady() && void toggleRecording(),
  o: () => isReady() && openDialog(),
  i: () => {
    const other = precision === "int8" ? "float32" : "int8";
    if (model?.precisions.some((one) => one.precision === other)) usePrecision(other);
  },
  m: measure,
  " ": () => viewer.togglePlay(),
  ArrowLeft: () => viewer.move(-0.2),
  ArrowRight: () => viewer.move(0.2),
  ArrowUp: () => stepList(-1),
  ArrowDown: () => stepList(1),
  "+": () => viewer.zoom(0.5),
  "=": () => viewer.zoom(0.5),
  "-": () => viewer.zoom(2),
  "0": () => viewer.whole(),
  f: () => viewer.follow(),
  n: () => viewer.step(1),
  p: () => viewer.step(-1),
  Delete: () => shown && remove(shown.id),
  c: () => save("csv"),
  j: () => save("json"),
  "?": help,
});
window.addEventListener("beforeunload", (event) => {
  if (recording) event.preventDefault();
});
ask({ type: "load", base: new URL(".", location.href).href });
