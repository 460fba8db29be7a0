import type { Precision } from "../listening/results.js";
import type { Item } from "./item.js";
import type { ListeningModel } from "./messages.js";
import type { Microphone } from "./microphone.js";

/** What the page holds; each of its rooms looks here. */
export interface PageState {
  model: ListeningModel | undefined;
  precision: Precision;
  /** From one window to the next, of what is begun from now on. */
  hopSeconds: number;
  items: Item[];
  shown: Item | undefined;
  /** The microphone that listens, or the promise of one. */
  recording: { item?: Item; microphone?: Microphone } | undefined;
}

export const state: PageState = {
  ...{ model: undefined, precision: "float32", hopSeconds: 1 },
  ...{ items: [], shown: undefined, recording: undefined },
};

let numbers = 0;

/** A number that nothing on the page had before. */
export function nextNumber(): number {
  return ++numbers;
}

/** Of files, and of a microphone that listens. */
export function unanswered(): number {
  return state.items.filter((item) => item.state === "waiting" || item.state === "running").length;
}
