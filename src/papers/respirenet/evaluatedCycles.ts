import { align } from "../../audio/align.js";
import type { Item } from "../../datasets/roles.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { clipSamples, type RespirenetInput, respirenetFrontEnd } from "./frontEnd.js";
import { joined } from "./inputs.js";
import type { RespirenetRecipe } from "./recipe.js";
import { type LabelledItem, type TrainingItem, windowsOf, withNeighbours } from "./trainingItems.js";

/** What a short clip is filled up with at test time: smart padding would read labels, and nothing is drawn (decision 57). */
const AT_TEST: Readonly<Record<RespirenetRecipe["padding"], RespirenetInput["padding"]>> = {
  smart: "tile",
  zero: "zero-end",
  reflect: "reflect",
  "double-and-attach": "tile",
};

/** What a recipe's models take at test time. */
export function inputOf(
  { seconds, padding, bandPass, imageScale, clipBlank }: RespirenetRecipe,
  standard?: RespirenetInput["standard"],
): RespirenetInput {
  const input = { seconds, padding: AT_TEST[padding], bandPass, imageScale, clipBlank };
  return standard ? { ...input, standard } : input;
}

/** The windows of cycles that are evaluated, as pictures. */
export class EvaluatedCycles {
  private readonly input: RespirenetInput;
  private readonly frontEnd: FrontEnd;
  private readonly samplesOf: (cycle: number) => Float32Array;
  /** Of each cycle, by id. */
  private readonly windows = new Map<string, TrainingItem[]>();

  /**
   * @param examples all that will be written
   * @param samplesOf the samples of one, as they are stored
   */
  constructor(
    examples: readonly LabelledItem[],
    samplesOf: (item: Item) => Float32Array,
    recipe: RespirenetRecipe,
    standard: NonNullable<RespirenetInput["standard"]>,
  ) {
    const { imageScale, clipBlank } = recipe;
    this.input = inputOf(recipe, standard);
    this.frontEnd = respirenetFrontEnd({ imageScale, clipBlank, standard });
    this.samplesOf = (cycle) => samplesOf(examples[cycle]!);
    const of = { examples, samples: examples.map((example) => samplesOf(example).length) };
    const all = windowsOf(of, recipe);
    for (const window of recipe.smartPaddingAtTest ? withNeighbours(all, of, recipe) : all) {
      const { id } = examples[window.parts[0]!.cycle]!;
      this.windows.set(id, [...(this.windows.get(id) ?? []), window]);
    }
  }

  /** How many windows a cycle has. Throws RangeError for one that is not among them. */
  count({ id }: Pick<Item, "id">): number {
    return this.of(id).length;
  }

  /** Writes a window of a cycle, `[rows, frames, 3]`. */
  write({ id }: Pick<Item, "id">, window: number, out: Float32Array, offset: number): void {
    const raw = joined(this.of(id)[window]!.parts, this.samplesOf);
    const [clip] = align(raw, { length: clipSamples(this.input), short: this.input.padding, long: "first" });
    const { data } = this.frontEnd.compute(clip!);
    out.set(data, offset);
  }

  private of(id: string): readonly TrainingItem[] {
    const windows = this.windows.get(id);
    if (!windows) throw new RangeError(`there are no samples of ${id}`);
    return windows;
  }
}
