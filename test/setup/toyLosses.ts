/** Prints the losses of a toy training in one TensorFlow function a step, and what computed them. */
import { engineDevice, engineName } from "../../src/tensorflow.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { trainToy } from "../engine/toyTraining.js";

const { losses } = trainToy(1, "captured", (parameters) => new Adam(parameters));
console.log(JSON.stringify({ losses, device: engineDevice(), engine: engineName() }));
