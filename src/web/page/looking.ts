import type { StretchResult } from "../listening/results.js";
import { mapsOf, type SeenPart, sharesOf } from "../listening/seenPart.js";
import { seenText } from "../listening/seenText.js";
import { SPECTRUM_TOP_HZ } from "../listening/spectra.js";
import { make, part, say } from "./elements.js";
import type { Item } from "./item.js";
import type { FromWorker, ListeningModel, ToWorker } from "./messages.js";
import type { SeenScene } from "./seenPicture.js";

/** What was asked for, and what came of it. */
interface Look {
  id: number;
  result: StretchResult;
  precision: Item["precision"];
  /** Chosen by hand, or what the answer says. */
  output: number;
  seen?: { kind: "grad-cam++" | "attention"; parts: SeenPart[] };
  problem?: string;
}

let numbers = 0;

/** "What the model looks at": the switch, the label that is explained, and what is asked of the worker for the chosen stretch. One map is kept. */
export class Looking {
  private model: ListeningModel | undefined;
  private item: Item | undefined;
  private look: Look | undefined;
  private scene: SeenScene | undefined;
  private readonly ask: (message: ToWorker) => void;
  private readonly onChange: () => void;
  private readonly onBegun: () => void;

  /**
   * @param on.change something else is to be drawn
   * @param on.begun it was switched on: something is to be chosen, and brought near
   */
  constructor(ask: (message: ToWorker) => void, on: { change(): void; begun(): void }) {
    this.ask = ask;
    this.onChange = on.change;
    this.onBegun = on.begun;
    part("look").onchange = () => this.switched();
    part("look-output").onchange = () => this.explain(Number(part<HTMLSelectElement>("look-output").value));
  }

  /** Of a model that can tell. */
  get isOn(): boolean {
    return this.model?.seen !== undefined && part<HTMLInputElement>("look").checked;
  }

  useModel(model: ListeningModel): void {
    this.model = model;
    part("looking").hidden = !model.seen;
  }

  /** Looks at what is chosen of a recording now, where the switch is on: asks for it, or has it. */
  show(item: Item): void {
    const { model, look } = this;
    this.item = item;
    if (!model?.seen) return;
    const { chosen } = item;
    const precision = model.seen.precisions.includes(item.precision) ? item.precision : model.seen.precisions[0]!;
    part("look-more").hidden = !this.isOn;
    if (!this.isOn || !chosen) {
      this.look = this.scene = undefined;
    } else if (look?.result !== chosen || look.precision !== precision) {
      this.scene = undefined;
      this.look = { id: ++numbers, result: chosen, precision, output: answered(chosen, model) };
      const { startSeconds, endSeconds } = chosen;
      const { file, name, job } = item;
      const sound = file ? { file, name } : { heard: job };
      this.ask({ type: "look", id: this.look.id, sound, precision, startSeconds, endSeconds });
      this.showOutputs();
    }
    this.showText();
  }

  /** What is to be drawn now. */
  sceneFor(view: SeenScene["view"]): SeenScene | undefined {
    return this.scene && { ...this.scene, view };
  }

  /** What the worker says; of what is not looked at any more, nothing. */
  hear(data: Extract<FromWorker, { type: "seen" | "notSeen" }>): void {
    const { look } = this;
    if (look?.id !== data.id) return;
    if (data.type === "seen") look.seen = { kind: data.kind, parts: data.parts };
    else look.problem = data.message;
    this.explain(look.output);
  }

  toggle(): void {
    if (!this.model?.seen) return;
    const box = part<HTMLInputElement>("look");
    box.checked = !box.checked;
    this.switched();
  }

  /** Explains the next label. */
  next(): void {
    const select = part<HTMLSelectElement>("look-output");
    if (!this.look || part("look-output-label").hidden) return;
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    this.explain(Number(select.value));
  }

  private switched(): void {
    if (this.isOn) this.onBegun();
    this.onChange();
  }

  private explain(output: number): void {
    const { look } = this;
    if (!look) return;
    look.output = output;
    this.scene = undefined;
    if (look.seen) {
      const { startSeconds, endSeconds } = look.result;
      const maps = mapsOf(look.seen.parts, look.seen.kind, look.seen.kind === "attention" ? 0 : output);
      const { rows, bordersHz } = maps[0]!;
      const form = rows === 1 ? "strip" : bordersHz ? "spectrum" : "own";
      this.scene = { startSeconds, endSeconds, maps, form, view: { fromSeconds: 0, toSeconds: 1 } };
    }
    this.onChange();
  }

  /** The answer first, the others behind it. */
  private showOutputs(): void {
    const { model, look } = this;
    const { outputs } = model!.identity;
    const first = look!.output;
    const order = [first, ...outputs.map((_, i) => i).filter((i) => i !== first)];
    const isAnswer = outputs[first] === look!.result.label;
    part("look-output-label").hidden = model!.seen!.kind === "attention";
    part("look-output").replaceChildren(
      ...order.map((i) =>
        make(
          "option",
          { value: String(i) },
          i === first ? `${outputs[i]} (${isAnswer ? "the answer" : "most probable"})` : outputs[i],
        ),
      ),
    );
  }

  private showText(): void {
    const { look, scene, model, item } = this;
    const attention = model!.seen!.kind === "attention";
    say(
      part("look-least"),
      attention ? "The higher, the more attention: the picture's top is the largest share." : "nothing",
    );
    say(part("look-most"), attention ? "" : "most, within the line at least half");
    part("look-scale").hidden = attention;
    part("look-key").hidden = !scene;
    part("look-text").setAttribute("aria-busy", String(look !== undefined && !scene && !look.problem));
    say(part("look-text"), this.text(item!, look, scene));
    part("seen").setAttribute(
      "aria-label",
      look && scene ? `What the model looked at in ${this.range(look.result)}` : "",
    );
  }

  private text(item: Item, look: Look | undefined, scene: SeenScene | undefined): string {
    if (!this.isOn) return "";
    if (!look) return "Choose an answer: in the table, in the pictures, or with N.";
    if (look.problem) return `What was looked at cannot be told: ${look.problem}`;
    if (!scene) return `Looks again at ${this.range(look.result)} ...`;
    const { outputs } = this.model!.identity;
    const { kind, startSeconds, endSeconds } = look.result;
    const told = seenText({
      ...{ kind: look.seen!.kind, maps: scene.maps, shares: sharesOf(scene.maps, SPECTRUM_TOP_HZ) },
      ...{ output: outputs[look.output]!, unit: kind === "cycle" ? this.model!.unit : kind },
      ...{ seconds: endSeconds - startSeconds, topHz: SPECTRUM_TOP_HZ },
    });
    const other =
      look.precision === item.precision ? [] : [`As ${look.precision} looks; ${item.precision} cannot tell.`];
    return [`${capital(this.range(look.result))}.`, ...told, ...other].join(" ");
  }

  private range({ startSeconds, endSeconds, kind }: StretchResult): string {
    return `${kind === "cycle" ? this.model!.unit : kind} from ${startSeconds.toFixed(1)} to ${endSeconds.toFixed(1)} s`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The output of the label that was decided; of a label that is no output, the most probable one. */
function answered({ label, probabilities }: StretchResult, { identity }: ListeningModel): number {
  const own = identity.outputs.indexOf(label);
  return own >= 0 ? own : probabilities.indexOf(Math.max(...probabilities));
}
