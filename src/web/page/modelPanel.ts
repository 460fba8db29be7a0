import { failed } from "./answering.js";
import { make, part, say } from "./elements.js";
import { addEarlyFiles } from "./files.js";
import type { ListeningModel } from "./messages.js";
import { prepareMicrophone } from "./microphone.js";
import { problem, status } from "./saying.js";
import { viewer } from "./showing.js";
import { state } from "./state.js";

/** Shows the model and lets the page be used. */
export function ready(model: ListeningModel): void {
  state.model = model;
  const { identity, card, caveats } = model;
  say(
    part("model-line"),
    `${[identity.experiment, identity.row].filter(Boolean).join(" \u00b7 ")} \u00b7 ${identity.labels.join(", ")}`,
  );
  part("card").replaceChildren(
    make("dl", {}, ...card.map(({ term, text }) => make("div", {}, make("dt", {}, term), make("dd", {}, text)))),
  );
  part("caveats").replaceChildren(...caveats.flatMap((text) => [make("p", {}, text), " "]));
  showPrecisions(model);
  state.hopSeconds = model.hopSeconds;
  part<HTMLSelectElement>("hop").value = String(model.hopSeconds);
  part<HTMLSelectElement>("hop").disabled = false;
  for (const id of ["record", "open"]) part<HTMLButtonElement>(id).disabled = false;
  part<HTMLFieldSetElement>("precision").disabled = false;
  document.title = `${identity.row || identity.experiment} \u2013 auscult listen`;
  status("Ready.");
  viewer.useModel(model);
  addEarlyFiles();
}

function showPrecisions({ precisions }: ListeningModel): void {
  const there = precisions.map((one) => one.precision);
  if (!there.includes(state.precision)) state.precision = there[0]!;
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=precision]")) {
    const own = precisions.find((one) => one.precision === radio.value);
    radio.disabled = !own;
    radio.checked = radio.value === state.precision;
    const speed = part(`speed-${radio.value}`);
    if (own) speed.title = `${(own.bytes / 1e6).toFixed(1)} MB`;
    else say(speed, "not in this export");
  }
}

/** @param fraction of it, 0 to 1 */
export function loading(what: string, fraction: number): void {
  if (!state.model) status(`The model is loaded: ${what}, ${Math.round(100 * fraction)} %`);
}

/** Says when the server is needed no more. */
export async function fetched(): Promise<void> {
  if (await prepareMicrophone()) part("offline").hidden = false;
}

/** The page cannot work. */
export function refused(message: string): void {
  say(part("model-line"), "No model");
  for (const item of state.items) if (item.state !== "done") failed(item, "The model could not be loaded.");
  for (const id of ["record", "open"]) part<HTMLButtonElement>(id).disabled = true;
  problem(message);
}
