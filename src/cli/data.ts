import { Command } from "commander";
import { dataCheckCommand } from "./data/check.js";
import { dataDemoCommand } from "./data/demo.js";
import { dataFetchCommand } from "./data/fetch.js";
import { dataLogmelCommand } from "./data/logmel.js";
import { dataSplitsCommand } from "./data/splits.js";
import { dataStoreCommand } from "./data/store.js";

/** `auscult data fetch|check|splits|demo` and so on. */
export function dataCommand(): Command {
  return new Command("data")
    .description("the data sets: download, validate, split, make a small made-up one")
    .addCommand(dataFetchCommand())
    .addCommand(dataCheckCommand())
    .addCommand(dataSplitsCommand())
    .addCommand(dataLogmelCommand())
    .addCommand(dataStoreCommand())
    .addCommand(dataDemoCommand());
}
