import { drawAlignment } from "../../audio/align.js";
import { smartNeighbours } from "../../audio/smartNeighbours.js";
import { type Compositions, drawConcatenations, sameClass } from "../../augment/concatenation.js";
import type { Example, Item } from "../../datasets/roles.js";
import type { Streams } from "../../random/streams.js";
import { RESPIRENET_COMPOSITIONS, twoClassCompositions } from "./augmentation.js";
import { clipSamples } from "./frontEnd.js";
import type { RespirenetRecipe } from "./recipe.js";

/** Samples of a cycle: all, or a window of it. Plain data. */
export interface Part {
  /** Index among the cycles. */
  cycle: number;
  start: number;
  count: number;
}

/** What is drawn in training: parts of cycles one after the other, before they are brought to the clip's length. Plain data. */
export interface TrainingItem {
  name: string;
  label: number;
  parts: Part[];
}

/** What items are made of needs no more of an example. */
export type LabelledItem = Item & Pick<Example, "label">;

export interface ItemsOf {
  examples: readonly LabelledItem[];
  /** Of each example at 4 kHz, [examples]. */
  samples: readonly number[];
  classes: number;
}

type ItemRecipe = Pick<RespirenetRecipe, "seconds" | "padding" | "cba" | "cbaScale">;

/**
 * The training items of some cycles: cycles longer than the clip as windows half a clip apart (decision 62), each short one with the
 * neighbours that it is filled up with where padding is smart, then the new ones of concatenation-based augmentation (papers.md 5.5), made
 * of two windows and without neighbours. Drawn once for a run.
 */
export function trainingItemsOf(of: ItemsOf, recipe: ItemRecipe, streams: Streams): TrainingItem[] {
  const windows = windowsOf(of, recipe);
  const labels = windows.map(({ label }) => label);
  const filled = recipe.padding === "smart" ? withNeighbours(windows, of, recipe) : windows;
  if (recipe.cba === "none") return filled;
  const drawn = drawConcatenations(streams.stream("concatenation"), labels, {
    ...{ compositions: compositionsOf(recipe.cba, of.classes, labels), upTo: 0, scale: recipe.cbaScale },
  });
  const made = drawn.map(({ label, parts: [first, second] }) => ({
    ...{ label, name: `${windows[first]!.name} + ${windows[second]!.name}` },
    parts: [...windows[first]!.parts, ...windows[second]!.parts],
  }));
  return [...filled, ...made];
}

/** Of the classes that there are: a device's cycles may lack some, and ways that need those are left out. */
function compositionsOf(cba: "code" | "same-class", classes: number, labels: readonly number[]): Compositions {
  const all =
    cba === "same-class" ? sameClass(classes) : classes === 4 ? RESPIRENET_COMPOSITIONS : twoClassCompositions();
  const present = new Set(labels);
  const found = [...all].flatMap(([label, ways]) => {
    const left = ways.filter(({ first, second }) => present.has(first) && present.has(second));
    const total = left.reduce((sum, { share }) => sum + share, 0);
    const again = left.map((way) => ({ ...way, share: way.share / total }));
    return present.has(label) && left.length > 0 ? [[label, again] as const] : [];
  });
  return new Map(found);
}

/** Windows of each cycle, one for a short one. */
export function windowsOf({ examples, samples }: Omit<ItemsOf, "classes">, recipe: Pick<ItemRecipe, "seconds">) {
  const length = clipSamples(recipe);
  return examples.flatMap(({ id, label }, cycle): TrainingItem[] => {
    const { pieces } = drawAlignment(samples[cycle]!, { length, short: "tile", long: "split" });
    return pieces.map(({ start, count }, window) => ({
      ...{ label, name: pieces.length > 1 ? `${id}, window ${window}` : id },
      parts: [{ cycle, start, count }],
    }));
  });
}

/** Each item that is shorter than the clip, with as much of its cycle's neighbours as is needed; those are of the same examples. */
export function withNeighbours(
  windows: readonly TrainingItem[],
  { examples, samples }: Omit<ItemsOf, "classes">,
  recipe: Pick<ItemRecipe, "seconds">,
): TrainingItem[] {
  const length = clipSamples(recipe);
  const recordings = new Map<string, number[]>();
  examples.forEach(({ recording }, cycle) => {
    recordings.set(recording, [...(recordings.get(recording) ?? []), cycle]);
  });
  for (const cycles of recordings.values())
    cycles.sort((a, b) => (examples[a]!.startSeconds ?? 0) - (examples[b]!.startSeconds ?? 0));
  return windows.map((item) => {
    const [{ cycle, count }] = item.parts as [Part];
    if (count >= length) return item;
    const beside = runOf(recordings.get(examples[cycle]!.recording)!, cycle, examples);
    const lengths = beside.map((at) => ({ label: examples[at]!.label, samples: at === cycle ? count : samples[at]! }));
    const neighbours = smartNeighbours(beside.indexOf(cycle), lengths, length, 0).map((at) => beside[at]!);
    return {
      ...item,
      parts: [...item.parts, ...neighbours.map((at) => ({ cycle: at, start: 0, count: samples[at]! }))],
    };
  });
}

/** Cycles of the recording around one as far as they follow each other: where one is missing, or of another role, the neighbours end. */
function runOf(cycles: readonly number[], cycle: number, examples: readonly LabelledItem[]): number[] {
  const follow = (a: number, b: number) => Math.abs(numberOf(examples[a]!) - numberOf(examples[b]!)) === 1;
  const place = cycles.indexOf(cycle);
  let [first, last] = [place, place];
  while (first > 0 && follow(cycles[first - 1]!, cycles[first]!)) first--;
  while (last + 1 < cycles.length && follow(cycles[last]!, cycles[last + 1]!)) last++;
  return cycles.slice(first, last + 1);
}

/** Of a cycle in its recording: ids end in "#3". */
function numberOf({ id }: Item): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}
