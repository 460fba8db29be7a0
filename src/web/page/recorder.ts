import { wholeView } from "../listening/timeView.js";
import { make, part } from "./elements.js";
import { newItem } from "./item.js";
import { showRecording } from "./liveLine.js";
import { measureFor } from "./measuring.js";
import { listMicrophones, openMicrophone } from "./microphone.js";
import { problem, status } from "./saying.js";
import { choose } from "./showing.js";
import { nextNumber, state } from "./state.js";
import { ask } from "./workers.js";

/** Begins to listen to a microphone, or ends it. */
export async function toggleRecording(): Promise<void> {
  if (state.recording) return stopRecording();
  state.recording = {};
  status("The browser asks whether this page may use the microphone ...");
  try {
    const microphone = await openMicrophone(part<HTMLSelectElement>("devices").value || undefined, (why) => {
      void stopRecording();
      problem(why);
    });
    const { precision, hopSeconds, items } = state;
    const count = items.filter(({ source }) => source === "microphone").length + 1;
    const item = newItem(nextNumber(), `Microphone ${count}`, "microphone", precision, hopSeconds);
    const { sampleRateHz, ports, name } = microphone;
    item.job = nextNumber();
    item.sampleRateHz = sampleRateHz;
    item.form = `${name} \u00b7 ${sampleRateHz / 1000} kHz`;
    items.push(item);
    state.recording = { item, microphone };
    ask({ type: "listen", id: item.job, sampleRateHz, port: ports[0], precision, hopSeconds }, [ports[0]]);
    measureFor(item, { type: "listen", id: item.job, sampleRateHz, port: ports[1] }, [ports[1]]);
    showRecording(true);
    choose(item.id);
    status(`Listens to ${name}.`);
    await showDevices();
  } catch (error) {
    state.recording = undefined;
    showRecording(false);
    problem((error as Error).message);
  }
}

export async function stopRecording(): Promise<void> {
  const ended = state.recording;
  state.recording = undefined;
  showRecording(false);
  if (ended?.item) {
    ended.item.view = { ...ended.item.view, follows: false };
    if (ended.item.view.toSeconds > ended.item.seconds) ended.item.view = wholeView(ended.item.seconds);
  }
  await ended?.microphone?.stop();
}

async function showDevices(): Promise<void> {
  const microphones = await listMicrophones();
  const select = part<HTMLSelectElement>("devices");
  const before = select.value;
  part("devices-label").hidden = microphones.length < 2;
  select.replaceChildren(...microphones.map(({ id, name }) => make("option", { value: id }, name)));
  if (microphones.some(({ id }) => id === before)) select.value = before;
}

/** Keeps the list of microphones right, once there is one. */
export function watchDevices(): void {
  navigator.mediaDevices?.addEventListener("devicechange", () => {
    if (!part("devices-label").hidden) void showDevices();
  });
}
