/** Prints the hash of a toy training: `tsx test/engine/toyHash.ts SEED`. */
import { Adam } from "../../src/training/optimizers/adam.js";
import { trainToy } from "./toyTraining.js";

console.log(trainToy(Number(process.argv[2]), "captured", (parameters) => new Adam(parameters)).hash);
