import type { Precision } from "../listening/results.js";
import { bindDropping } from "./dropping.js";
import { part } from "./elements.js";
import { addFiles, remove } from "./files.js";
import { measure, switchPrecision, useHop, usePrecision } from "./precisions.js";
import { toggleRecording } from "./recorder.js";
import { save } from "./saving.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindRemoving, stepList, viewer } from "./showing.js";
import { state } from "./state.js";

/** What hands and keys do, outside the pictures. */
export function bindControls(): void {
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
  bindRemoving(remove);
  bindKeys();
  window.addEventListener("beforeunload", (event) => {
    if (state.recording) event.preventDefault();
  });
}

function bindKeys(): void {
  const isReady = () => !part<HTMLButtonElement>("open").disabled;
  bindShortcuts({
    r: () => isReady() && void toggleRecording(),
    o: () => isReady() && openDialog(),
    i: switchPrecision,
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
    l: () => viewer.looking.toggle(),
    e: () => viewer.looking.next(),
    n: () => viewer.step(1),
    p: () => viewer.step(-1),
    Delete: () => state.shown && remove(state.shown.id),
    c: () => save("csv"),
    j: () => save("json"),
    "?": help,
  });
}

function openDialog(): void {
  const input = part<HTMLInputElement>("files");
  input.value = "";
  input.click();
}

function help(): void {
  part<HTMLDialogElement>("shortcuts").showModal();
}
