import { UserError } from "../../userError.js";
import { type Difference, differenceTable, fitWeights } from "./fitWeights.js";
import type { WeightsFile } from "./readWeightsFile.js";
import type { NamedTensor } from "./safetensors.js";
import type { LayerNames } from "./torchLayout.js";

/** The model that a file of weights is for. */
export interface Receiver {
  /** In words, such as "resnet18 with 1 input channel and 4 classes". */
  name: string;
  /** By our names. */
  shapes: ReadonlyMap<string, readonly number[]>;
  /** The classifier's layer, whose classes may be others than the file's. */
  head: string;
  names: LayerNames;
  /** Names of what a file may hold beside, which is left where it is; unless said there is none. */
  ignored?: RegExp;
}

/** Weights that training starts from. */
export interface InitialWeights {
  weights: Map<string, NamedTensor>;
  /** Whether the classifier is not among them. */
  headAnew: boolean;
  /** Names in the file that the receiver knows and has no use for. */
  passedOver: readonly string[];
  /** What was taken, in words. */
  says: string;
}

/**
 * The weights of a file for a model: all of them, or, where the file differs in the classifier only (other classes, or none),
 * all but the classifier's, which then starts anew.
 *
 * @throws UserError with a table of the differences, or with the name of a weight that is not finite
 */
export function initialWeights(file: WeightsFile, receiver: Receiver): InitialWeights {
  const { name, shapes, head, names, ignored } = receiver;
  const fit = fitWeights(file.tensors, shapes, names);
  const { weights } = fit;
  const isPassedOver = ({ what, name: theirs }: Difference) => what === "left over" && ignored?.test(theirs) === true;
  const differences = fit.differences.filter((one) => !isPassedOver(one));
  const passedOver = fit.differences.filter(isPassedOver).map((one) => one.name);
  // A head may be several layers, such as "fc.hidden1" before "fc".
  const ofHead = (one: string) => one === head || one.startsWith(`${head}.`) || one.startsWith(`${head}/`);
  const others = differences.filter(({ layer, name: theirs }) => !ofHead(layer ?? theirs));
  const within = file.found ? ` (${file.found})` : "";
  if (others.length > 0) {
    const more = others.some(({ what }) => what === "other shape") ? advice(others) : "";
    throw new UserError(`${file.name}${within} does not fit ${name}:\n${differenceTable(others)}${more}`);
  }
  const headAnew = differences.length > 0;
  for (const [weight, { values }] of weights) {
    if (headAnew && ofHead(weight)) weights.delete(weight);
    else if (!allFinite(values)) throw new UserError(`${file.name}: weight ${weight} holds values that are not finite`);
  }
  const rest = headAnew ? `; its classifier ${head} starts anew` : "";
  return { weights, headAnew, passedOver, says: `${weights.size} of the ${shapes.size} weights of ${name}${rest}` };
}

/** Zero times a value that is not finite is not a number, and stays so in a sum. */
function allFinite(values: ArrayLike<number>): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!;
  return sum === 0;
}

/** Images have three channels, maps of sound mostly one. */
function advice(differences: readonly Difference[]): string {
  const first = differences.find(({ inFile, wanted }) => inFile?.length === 4 && wanted?.length === 4);
  if (!first || differences.length > 1 || first.inFile![1] === first.wanted![1]) return "";
  return `\nThe file's network takes ${first.inFile![1]} channels, this one ${first.wanted![1]}: they are not made of one another here.`;
}
